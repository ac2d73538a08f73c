import type { CommandSender } from '@agentcal/command-service/commands';
import { type ProblemCode, Refusal } from '@agentcal/shared/kernel/refusal';
import type { Clock } from '@agentcal/shared/kernel/time';
import type { LifecycleJob } from './queue.ts';

/**
 * What became of a job.
 *
 * - `done`: the command led to an event, now or on an earlier attempt.
 * - `nothing`: there was nothing left to do: cancelled, done by somebody else, or moved, and then a later job is for it.
 * - `forgotten`: the calendar does not know the booking, and the log has nothing left to say of it. It stays as it was.
 */
export type Outcome = 'done' | 'nothing' | 'forgotten';

/** Carries out one job. @throws where it has to be tried again */
export async function carryOut(
  { sender, clock }: { readonly sender: CommandSender; readonly clock: Clock },
  { command, cause, due_at }: LifecycleJob,
): Promise<Outcome> {
  // Postgres says when a job is due, this process's clock what time it is. They need not agree to the second.
  if (clock.now() < Date.parse(due_at)) throw new Error('the clock of this process is behind the one of the queue');
  try {
    const { changed } = await sender.send(command, cause);
    return changed ? 'done' : 'nothing';
  } catch (error) {
    const outcome = error instanceof Refusal ? meaning[error.code] : undefined;
    if (outcome === undefined) throw error;
    return outcome;
  }
}

const meaning: Partial<Record<ProblemCode, Outcome>> = { booking_not_due: 'nothing', not_found: 'forgotten' };
