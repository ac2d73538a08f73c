/**
 * The process cannot start, for a reason that whoever started it can remove. The message says what to do, and is all
 * that is shown: no stack. Anything else that is thrown at the start is a fault of ours and shows its own.
 */
export class StartRefused extends Error {
  override readonly name: string = 'StartRefused';
}
