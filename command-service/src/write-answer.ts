import { setEtag } from '@agentcal/shared/http/etag';
import { setPosition } from '@agentcal/shared/http/position';
import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import type { DomainEvent } from '@agentcal/shared/kernel/event';
import type { FastifyReply } from 'fastify';
import type { Executed } from './executor/port.ts';

/** What every write says of itself: where it stands in the log, and the ETag of what it wrote. */
export function setWritten(
  reply: FastifyReply,
  { position, revision }: Pick<Executed<unknown, DomainEvent>, 'position' | 'revision'>,
): void {
  setPosition(reply, position);
  setEtag(reply, revision);
}

/**
 * The state as the command's own events left it: what they set is as they set it, even where others have changed it
 * since. So a repeat is answered as the first request was.
 */
export function asWritten<S, E extends DomainEvent>(
  evolve: (state: S, event: FoldedEvent<E>) => S,
  { state, events }: Executed<S, E>,
): S {
  return events.reduce((shown, event) => evolve(shown, event as unknown as FoldedEvent<E>), state);
}
