/** Time that passes, and chance. Handed in wherever something waits, so that tests and the simulation own both. */
export interface Timing {
  /** Does some work once, after a time. The answered function calls it off. */
  after(ms: number, work: () => void): () => void;
  /** At least 0, below 1. */
  random(): number;
}

export const realTiming: Timing = {
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Waits; ends early, by rejecting, when the signal aborts. */
export function pause({ after }: Timing, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      callOff();
      reject(signal.reason);
    };
    const callOff = after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
