export interface BatcherOptions {
  readonly maxBatch: number;
  /** How many batches may be on their way at once. */
  readonly maxInFlight: number;
}

/**
 * Joins concurrent look-ups into few round trips. A look-up leaves at once while few batches are on their
 * way; what is asked for after that goes together, with the next that may leave.
 */
export function createBatcher<Key, Value>(
  load: (keys: readonly Key[]) => Promise<readonly Value[]>,
  { maxBatch, maxInFlight }: BatcherOptions,
): (key: Key) => Promise<Value> {
  interface Waiting {
    readonly key: Key;
    resolve(value: Value): void;
    reject(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  let inFlight = 0;
  let scheduled = false;

  function leave(): void {
    scheduled = false;
    while (waiting.length > 0 && inFlight < maxInFlight) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      inFlight += 1;
      void send(batch);
    }
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    try {
      const values = await load(batch.map(({ key }) => key));
      for (const [index, { resolve }] of batch.entries()) resolve(values[index] as Value);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    inFlight -= 1;
    leave();
  }

  return (key) =>
    new Promise<Value>((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (scheduled || inFlight >= maxInFlight) return;
      scheduled = true;
      // Whatever else was started in this turn of the loop joins.
      setImmediate(leave);
    });
}
