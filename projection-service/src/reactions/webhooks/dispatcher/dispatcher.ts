import { second } from '@agentcal/shared/kernel/time';
import { heldTurns } from './holds.ts';
import { type ServingDeps, serve } from './serve.ts';

export interface Dispatcher {
  /** Something new may be due. */
  wake(): void;
  /** Takes nothing more, gives what is under way a second, and lets go of the rest: its outcome is not noted. */
  stop(): Promise<void>;
}

const lastMs = 1_000;

/**
 * Serves endpoints in turns. One process at a time has an endpoint, so that its deliveries are in order; it sends a few of
 * them at once, and then others come first. An endpoint that fails again and again rests, for longer each time, and then is
 * tried with one delivery. So one that does not answer costs the others nothing, and neither does what waits for it.
 */
export function startDispatcher(deps: ServingDeps): Dispatcher {
  const { ledger, timing, terms, log } = deps;
  const underWay = new Set<Promise<void>>();
  let phase: 'running' | 'stopping' | 'over' = 'running';
  let isLooking = false;
  let looksAgain = false;
  let callOffLook = () => {};
  const failed = (error: unknown) => {
    if (phase !== 'over') log.error({ err: error }, 'the dispatch of webhooks failed and goes on');
  };
  const holds = heldTurns({ ledger, timing, holdSeconds: terms.holdSeconds, failed });

  const inTheBackground = (work: Promise<void>, andThen: () => void): void => {
    const isOver = work.catch(failed).then(() => {
      underWay.delete(isOver);
      andThen();
    });
    underWay.add(isOver);
  };
  const take = async (): Promise<void> => {
    const failing = holds.count(({ failures }) => failures > 0);
    const sound = holds.count(({ failures }) => failures === 0);
    const wanted = { sound: terms.turns - sound, failing: terms.failingTurns - failing };
    for (const turn of await ledger.take({ ...wanted, holdSeconds: terms.holdSeconds })) {
      const held = holds.add(turn);
      const isHeld = () => !held.isLost;
      const serving = serve(turn, { isHeld, goesOn: () => isHeld() && phase === 'running' }, { ...deps, failed });
      inTheBackground(
        serving.finally(() => holds.remove(held)),
        look,
      );
    }
  };
  const look = (): void => {
    looksAgain = isLooking;
    if (isLooking || phase !== 'running') return;
    isLooking = true;
    inTheBackground(take(), () => {
      isLooking = false;
      if (looksAgain) look();
    });
  };
  const lookRegularly = (): void => {
    look();
    callOffLook = timing.after(terms.lookEverySeconds * second * (0.5 + timing.random()), lookRegularly);
  };
  lookRegularly();
  return {
    wake: look,
    stop: async () => {
      phase = 'stopping';
      callOffLook();
      let callOff = () => {};
      const timeIsUp = new Promise<void>((resolve) => {
        callOff = timing.after(lastMs, resolve);
      });
      await Promise.race([Promise.all(underWay), timeIsUp]);
      callOff();
      await holds.letGo().catch(failed);
      phase = 'over';
    },
  };
}
