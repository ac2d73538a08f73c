import type { EventStore } from '@agentcal/shared/event-store/port';

/** A process's way to the log that can be cut, or held up, at its n-th append from now. */
export function createMortalStore(store: EventStore) {
  let appends = 0;
  let plan: { readonly at: number; readonly act: (append: () => Promise<unknown>) => Promise<unknown> } | undefined;
  let dead = false;

  const mortal: EventStore = {
    ...store,
    append: async (...args) => {
      if (dead) throw new Error('the process is dead');
      appends += 1;
      const append = () => store.append(...args);
      if (plan?.at !== appends) return append();
      const { act } = plan;
      plan = undefined;
      return (await act(append)) as Awaited<ReturnType<EventStore['append']>>;
    },
    readStream: (...args) => {
      if (dead) throw new Error('the process is dead');
      return store.readStream(...args);
    },
  };

  return {
    store: mortal,
    /** Since the last time that something was arranged. */
    get appends(): number {
      return appends;
    },

    live(): void {
      dead = false;
      plan = undefined;
      appends = 0;
    },

    /** From there on nothing reaches the log, and nobody is told anything. */
    dieAt(at: number, when: 'before' | 'after'): void {
      this.live();
      const act = async (append: () => Promise<unknown>) => {
        if (when === 'after') await append();
        dead = true;
        throw new Error('the process has died');
      };
      plan = { at, act };
    },

    /** Stands still there until `go` is called, while others go on. */
    haltAt(at: number): { readonly halted: Promise<void>; readonly go: () => void } {
      this.live();
      const halted = Promise.withResolvers<void>();
      const going = Promise.withResolvers<void>();
      const act = async (append: () => Promise<unknown>) => {
        halted.resolve();
        await going.promise;
        return append();
      };
      plan = { at, act };
      return { halted: halted.promise, go: going.resolve };
    },
  };
}
