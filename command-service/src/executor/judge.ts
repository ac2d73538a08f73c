import type { Command } from '@agentcal/shared/kernel/decider';
import type { DomainEvent } from '@agentcal/shared/kernel/event';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Call } from './call.ts';
import type { RememberedCommand } from './recent-commands.ts';

/** What a fold, as it stands, says to a command. */
export type Verdict<E> =
  | { readonly kind: 'known'; readonly command: RememberedCommand }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'events'; readonly events: readonly E[] /** On which they rest. */; readonly revision: number };

/**
 * The verdict that needs no look at the log, if there is one. A repeat is known whatever else has changed. New events may
 * rest on an old state, since the append will tell; a refusal or a quiet "nothing to do" has no such guard, so the stream
 * is read forward before it is believed.
 */
export function judgeAtOnce<C extends Command, S, E extends DomainEvent>(call: Call<C, S, E>): Verdict<E> | undefined {
  const { fold, arrival } = call;
  if (fold.revision < 0) return undefined;
  const verdict = judgeAsItStands(call);
  const stands = verdict.kind === 'known' || verdict.kind === 'events' || fold.isAsNewAs(arrival);
  return stands ? verdict : undefined;
}

/** The verdict on all of the stream, as of when the command arrived. */
export async function judgeAnew<C extends Command, S, E extends DomainEvent>(call: Call<C, S, E>): Promise<Verdict<E>> {
  await call.fold.readForward(call.arrival);
  return judgeAsItStands(call);
}

function judgeAsItStands<C extends Command, S, E extends DomainEvent>(call: Call<C, S, E>): Verdict<E> {
  const { aggregate, fold, command, context, ifRevision } = call;
  const known = fold.commands.find(context.commandId);
  if (known) return { kind: 'known', command: known };
  if (ifRevision !== undefined && ifRevision !== fold.revision) {
    return { kind: 'refused', refusal: new Refusal('revision_conflict') };
  }
  try {
    const events = aggregate.decide(command, fold.state);
    return events.length === 0 ? { kind: 'nothing' } : { kind: 'events', events, revision: fold.revision };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', refusal: error };
    throw error;
  }
}
