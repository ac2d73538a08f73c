import type { BookingLink, LinkPurpose } from '@agentcal/shared/http/booking-link';
import type { BookingLinks } from '@agentcal/shared/http/booking-links';
import { type CommandRequest, fingerprint, idempotencyKey } from '@agentcal/shared/http/command-context';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import { commandIdFrom, userOf } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Clock } from '@agentcal/shared/kernel/time';
import * as account from '../../account/decider.ts';
import { findAnyEventType } from '../../event-type/access.ts';
import type { KnownEventType } from '../../event-type/decider.ts';
import type { Executor } from '../../executor/port.ts';
import * as calendar from '../decider.ts';
import type { BookingRecord } from '../state/state.ts';
import { bookingOf } from '../state/state.ts';

/** Somebody has come with a link: what it is about, and in whose name they act. */
export interface Visit {
  readonly link: BookingLink;
  readonly userId: string;
  readonly accountId: string;
  readonly business: string;
  /** As it was a moment ago. */
  readonly booking: BookingRecord;
  readonly eventType: KnownEventType;
  readonly context: CommandContext;
}

interface VisitDeps {
  readonly executor: Executor;
  readonly links: BookingLinks;
  readonly clock: Clock;
}

type VisitRequest = Omit<CommandRequest, 'principal' | 'params'> & { readonly params: { readonly token: string } };

/** @throws {Refusal} `not_found` for what is no link for that, `link_expired` where what it names is not there any more */
export async function visitBy(
  { executor, links, clock }: VisitDeps,
  request: VisitRequest,
  purpose: LinkPurpose,
): Promise<Visit> {
  const link = links.read(request.params.token);
  if (link.purpose !== purpose) throw new Refusal('not_found', 'This link is for something else');
  const userId = userOf(link.bookingId);
  const { accountId, booking } = await findLinked(executor, userId, link.bookingId);
  const { state: business } = await executor.load(account, accountId);
  if (business.status !== 'connected') throw new Refusal('link_expired');
  const { state: eventType } = await findAnyEventType(executor, accountId, booking.eventTypeId);
  const context = contextOf(request, clock, { link, accountId, ...business });
  return { link, userId, accountId, business: business.name, booking, eventType, context };
}

async function findLinked(executor: Executor, userId: string, bookingId: string) {
  for (const fresh of [false, true]) {
    const { state } = await executor.load(calendar, userId, { fresh });
    const booking = bookingOf(state, bookingId);
    if (booking && state.accountId !== undefined) return { accountId: state.accountId, booking };
  }
  // Calendars forget what is long over.
  throw new Refusal('link_expired');
}

interface Whose {
  readonly link: BookingLink;
  readonly accountId: string;
  readonly organizationId: string;
  readonly livemode: boolean;
}

/**
 * An idempotency key of a visitor counts for their booking alone, or their seat of it: it cannot meet one of the
 * organization's, nor that of a stranger who has a seat as well.
 */
function contextOf(request: VisitRequest, clock: Clock, whose: Whose): CommandContext {
  const { link, accountId, organizationId, livemode } = whose;
  const key = idempotencyKey(request);
  const commandId = commandIdFrom(organizationId, key && `link\n${link.seatId ?? link.bookingId}\n${key}`);
  return {
    commandId,
    fingerprint: fingerprint(request),
    organizationId,
    accountId,
    livemode,
    actor: { kind: 'attendee', id: link.seatId ?? link.bookingId },
    correlationId: commandId,
    requestId: request.id,
    at: clock.now(),
  };
}
