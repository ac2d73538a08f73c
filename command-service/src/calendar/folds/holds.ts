import type { CalendarEvent } from '../events.ts';
import type { CalendarState } from '../state/state.ts';
import { claimFrom, hostsFrom } from './claim.ts';
import { type When, withHold, withoutExpiredHolds, withoutHold } from './records.ts';

type HoldEvent = Extract<CalendarEvent, { type: 'calendar.slot-held.v1' | 'calendar.hold-released.v1' }>;

export function foldHold(state: CalendarState, { type, data }: HoldEvent, { at }: When): CalendarState {
  switch (type) {
    case 'calendar.slot-held.v1':
      return withHold(withoutExpiredHolds(state, at), {
        kind: 'hold',
        id: data.hold_id,
        ...claimFrom(data),
        seatsTaken: 1,
        holder: data.holder,
        placedAt: at,
        expiresAt: Date.parse(data.expires_at),
        outcome: 'open',
        ...hostsFrom(data),
        ...(data.plan_id !== undefined && { planId: data.plan_id }),
      });
    case 'calendar.hold-released.v1':
      return withoutHold(state, data.hold_id, 'released');
  }
}
