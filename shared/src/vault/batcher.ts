/**
 * Joins concurrent look-ups into one round trip: what is asked for while a batch is on its way goes with
 * the next. A lone look-up never waits for company.
 */
export function createBatcher<Key, Value>(
  load: (keys: readonly Key[]) => Promise<readonly Value[]>,
  maxBatch: number,
): (key: Key) => Promise<Value> {
  interface Waiting {
    readonly key: Key;
    resolve(value: Value): void;
    reject(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  let busy = false;

  async function run(): Promise<void> {
    // Let everything that was started in this turn of the loop join.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      try {
        const values = await load(batch.map(({ key }) => key));
        batch.forEach(({ resolve }, index) => {
          resolve(values[index] as Value);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    busy = false;
  }

  return (key) =>
    new Promise<Value>((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (busy) return;
      busy = true;
      void run();
    });
}
