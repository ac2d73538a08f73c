import type { SlotOffer, SlotTokens } from '@agentcal/shared/http/slot-token';
import { isId, userOf } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Instant } from '@agentcal/shared/kernel/time';
import type { FreeTime, HeldTime } from '../commands.ts';
import { fault, wholeMinute } from './wire.ts';

/** What a request names, as far as that can be read from it alone. */
export interface Wanted {
  /** Absent where the event type is to say who it is. */
  readonly userId?: string;
  /** Absent where the hold knows it. */
  readonly eventTypeId?: string;
  readonly time: FreeTime | HeldTime;
  /** Of its slot id. */
  readonly expiresAt?: Instant;
}

interface Named {
  readonly user_id?: string;
  readonly event_type_id?: string;
  readonly start_time?: string;
  readonly slot_id?: string;
  readonly hold_id?: string;
  readonly duration_minutes?: number;
}

/** In which fields a time can be said, and where a hold can become a booking. */
const ofTime = ['start_time', 'slot_id'] as const;
export const ofTimeOrHold = [...ofTime, 'hold_id'] as const;

/** Reads a start, a slot or, where one is taken, a hold. What is said twice has to be said alike. @throws {Refusal} */
export function wantedIn(body: Named, slots: SlotTokens, ways: typeof ofTime | typeof ofTimeOrHold = ofTime): Wanted {
  const said = ways.filter((way) => body[way] !== undefined);
  if (said.length !== 1) throw fault('start_time', `exactly one of ${ways.join(', ')} is needed`);
  if (body.slot_id !== undefined) return fromSlot(body, slots.read(body.slot_id));
  if (body.hold_id !== undefined) return fromHold(body, body.hold_id);
  if (body.event_type_id === undefined) throw fault('event_type_id', 'is required beside start_time');
  return {
    ...(body.user_id !== undefined && { userId: body.user_id }),
    eventTypeId: body.event_type_id,
    time: { start: wholeMinute(body.start_time!), durationMinutes: body.duration_minutes },
  };
}

function fromSlot(body: Named, offer: SlotOffer & { readonly expiresAt: Instant }): Wanted {
  const { userId, eventTypeId, start, durationMinutes, expiresAt } = offer;
  if (userId !== undefined) requireSame('user_id', body.user_id, userId);
  requireSame('event_type_id', body.event_type_id, eventTypeId);
  requireSame('duration_minutes', body.duration_minutes, durationMinutes);
  const whose = userId ?? body.user_id;
  return { ...(whose !== undefined && { userId: whose }), eventTypeId, time: { start, durationMinutes }, expiresAt };
}

function fromHold(body: Named, holdId: string): Wanted {
  if (!isId('hold', holdId)) throw new Refusal('not_found', 'There is no such hold');
  if (body.duration_minutes !== undefined) throw fault('duration_minutes', 'is not taken beside hold_id');
  requireSame('user_id', body.user_id, userOf(holdId));
  return {
    userId: userOf(holdId),
    ...(body.event_type_id !== undefined && { eventTypeId: body.event_type_id }),
    time: { holdId },
  };
}

function requireSame<T>(field: string, said: T | undefined, named: T): void {
  if (said !== undefined && said !== named) throw fault(field, 'is not what the slot or hold is for');
}

/** @throws {Refusal} `slot_expired` */
export function requireFresh({ expiresAt }: { readonly expiresAt?: Instant | undefined }, at: Instant): void {
  if (expiresAt !== undefined && expiresAt <= at) throw new Refusal('slot_expired');
}
