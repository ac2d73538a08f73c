import { second } from '@agentcal/shared/kernel/time';
import type { Timing } from '@agentcal/shared/kernel/timing';
import type { Ledger, Turn } from '../ledger/port.ts';

export interface HeldTurn extends Turn {
  /** Somebody else may have the endpoint by now. */
  isLost: boolean;
}

export interface HeldTurns {
  add(turn: Turn): HeldTurn;
  remove(turn: HeldTurn): void;
  count(which: (turn: Turn) => boolean): number;
  /** Gives back all that are still held, and holds no more. */
  letGo(): Promise<void>;
}

export interface HoldDeps {
  readonly ledger: Pick<Ledger, 'keep' | 'release'>;
  readonly timing: Timing;
  readonly holdSeconds: number;
  readonly failed: (error: unknown) => void;
}

/** The turns that this process has. It holds them for as long as it can say so, and knows when it could not. */
export function heldTurns({ ledger, timing, holdSeconds, failed }: HoldDeps): HeldTurns {
  const held = new Set<HeldTurn>();
  let callOffNext = () => {};
  let callOffLoss = () => {};
  const afterSeconds = (seconds: number, work: () => void) => timing.after(seconds * second, work);
  const lose = (lost: Iterable<HeldTurn>) => {
    for (const turn of lost) turn.isLost = true;
  };

  const keep = async (): Promise<void> => {
    const asked = [...held];
    // Counted from before the question: by its answer a part of the time is over.
    const callOff = afterSeconds(holdSeconds, () => lose(held));
    try {
      const kept = asked.length > 0 ? await ledger.keep(asked, holdSeconds) : [];
      callOffLoss();
      callOffLoss = callOff;
      const numbers = new Map(kept.map(({ webhookId, number }) => [webhookId, number]));
      lose(asked.filter(({ webhookId, number }) => numbers.get(webhookId) !== number));
    } catch (error) {
      callOff();
      failed(error);
    }
  };
  const keepRegularly = (): void => {
    void keep();
    callOffNext = afterSeconds(holdSeconds / 3, keepRegularly);
  };
  keepRegularly();

  return {
    add: (turn) => {
      const mine = { ...turn, isLost: false };
      held.add(mine);
      return mine;
    },
    remove: (turn) => void held.delete(turn),
    count: (which) => [...held].filter(which).length,
    letGo: async () => {
      callOffNext();
      const left = [...held].filter(({ isLost }) => !isLost);
      lose(left);
      await Promise.all(left.map((turn) => ledger.release(turn)));
      callOffLoss();
    },
  };
}
