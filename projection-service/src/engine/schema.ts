/** Where live read models are, and the checkpoints of everything that follows the log. */
export const readSchema = 'read';
