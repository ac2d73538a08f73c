import type { Timing } from '@agentcal/shared/kernel/timing';
import type { DueDelivery, Ledger, Turn } from '../ledger/port.ts';
import { type DispatchTerms, waitSeconds } from './terms.ts';

export interface ServingDeps {
  readonly ledger: Ledger;
  readonly timing: Timing;
  readonly terms: DispatchTerms;
  /** Makes an attempt. What comes of it while `isHeld` answers false is not to be noted. */
  readonly attempt: (delivery: DueDelivery, isHeld: () => boolean) => Promise<Outcome>;
  readonly log: {
    info(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/** `none`: nothing could be sent just now, whatever the endpoint. */
export type Outcome = 'delivered' | 'failed' | 'none';

export interface Holding {
  readonly isHeld: () => boolean;
  /** Whether another attempt may begin. */
  readonly goesOn: () => boolean;
}

/** One turn of one endpoint: some of what is due, a few at once, and what that says about the endpoint. */
export async function serve(
  turn: Turn,
  { isHeld, goesOn }: Holding,
  { ledger, timing, terms, attempt, log, failed }: ServingDeps & { readonly failed: (error: unknown) => void },
): Promise<void> {
  const isTrial = turn.failures >= terms.restsAfterFailures;
  let { failures } = turn;
  let isStuck = false;
  const hasEnough = () => failures >= terms.restsAfterFailures && !isTrial;
  const due = (await ledger.due(turn.webhookId, isTrial ? 1 : terms.perTurn)).values();
  const oneByOne = async (): Promise<void> => {
    for (const delivery of due) {
      if (!goesOn() || isStuck || hasEnough()) return;
      const outcome = await attempt(delivery, isHeld).catch((error): Outcome => {
        failed(error);
        return 'none';
      });
      if (outcome === 'none') isStuck = true;
      if (outcome === 'delivered') failures = 0;
      // Those that were under way when it was enough do not make the rest longer.
      if (outcome === 'failed' && !hasEnough()) failures += 1;
    }
  };
  await Promise.all(Array.from({ length: terms.atOnce }, oneByOne));
  if (!isHeld()) return;
  const rests = failures - terms.restsAfterFailures + 1;
  const rest = rests > 0 ? waitSeconds(terms.rest, rests, timing) : undefined;
  if (rest !== undefined) {
    log.info({ webhook: turn.webhookId, failures, seconds: Math.round(rest) }, 'a webhook endpoint rests');
  }
  await ledger.end(turn, {
    failures,
    restSeconds: rest ?? (isStuck ? terms.lookEverySeconds : 0),
    isBack: isTrial && failures === 0,
    giveUpAfterSeconds: terms.giveUpAfterSeconds,
  });
}
