/** Locks by name, each with one owner, given in the order in which they were asked for. */
export interface Locks {
  /** Resolves when the owner has it. Taking it again is free. */
  take(owner: string, lock: string): Promise<void>;
  /** Gives back everything that an owner has or waits for. Its waiting then never ends. */
  release(owner: string): void;
}

export function createLocks(): Locks {
  const lines = new Map<string, Waiting[]>();
  return {
    take: (owner, lock) =>
      new Promise((resolve) => {
        const line = lines.get(lock) ?? [];
        lines.set(lock, line);
        if (line[0]?.owner === owner) return resolve();
        line.push({ owner, resolve });
        if (line.length === 1) resolve();
      }),
    release: (owner) => {
      for (const [lock, line] of lines) {
        const [first] = line;
        const left = line.filter((waiting) => waiting.owner !== owner);
        if (left.length === 0) lines.delete(lock);
        else lines.set(lock, left);
        if (left[0] && left[0] !== first) left[0].resolve();
      }
    },
  };
}

interface Waiting {
  readonly owner: string;
  resolve(): void;
}
