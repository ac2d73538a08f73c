/**
 * Wake-ups, progress and live fan-out. Never the source of truth: messages may be lost, repeated or
 * reordered, and every listener also polls. Adapters pass `contract.ts`.
 */
export interface Bus {
  /** Returns at once; delivery is best effort. */
  publish<T extends Topic>(topic: T, message: Messages[T]): void;
  /** The answered function ends the subscription. A listener that throws harms nobody else. */
  subscribe<T extends Topic>(topic: T, listener: (message: Messages[T]) => void): () => void;
  close(): Promise<void>;
}

/** What is said on the bus. Positions are decimal strings, so that they survive JSON. */
export interface Messages {
  /** Something was appended: read the log, drop caches of that stream. */
  'log.appended': { streamId: string; revision: number; position: string };
  /** A projection has committed everything up to `position`. */
  'projection.advanced': { projection: string; position: string };
}

export type Topic = keyof Messages;
