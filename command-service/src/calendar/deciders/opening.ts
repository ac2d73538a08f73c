import type { CalendarEvent } from '../events.ts';
import type { CalendarState } from '../state/state.ts';

/** The event that opens a calendar, where nothing has happened in it yet. */
export function opening(
  state: CalendarState,
  { userId, accountId }: { readonly userId: string; readonly accountId: string },
): readonly CalendarEvent[] {
  return state.userId === undefined
    ? [{ type: 'calendar.opened.v1', data: { user_id: userId, account_id: accountId } }]
    : [];
}
