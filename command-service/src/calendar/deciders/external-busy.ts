import { type Interval, toIso } from '@agentcal/shared/kernel/time';
import type { MirrorExternalBusy } from '../commands.ts';
import type { CalendarEvent } from '../events.ts';
import { cut, merged } from '../state/busy.ts';
import { withoutPast } from '../state/retention.ts';
import type { CalendarState } from '../state/state.ts';
import { opening } from './opening.ts';

/** Records what an external source says about a window, unless it says what is known already. */
export function mirrorBusy({ data }: MirrorExternalBusy, state: CalendarState): readonly CalendarEvent[] {
  const busy = merged(cut(data.busy, data.window));
  const known = cut(state.busy[data.source] ?? [], data.window);
  if (sameIntervals(withoutPast(busy, data.at), withoutPast(known, data.at))) return [];
  return [
    ...opening(state, data),
    {
      type: 'calendar.external-busy-mirrored.v1',
      data: {
        user_id: data.userId,
        account_id: data.accountId,
        source: data.source,
        window_start: toIso(data.window.start),
        window_end: toIso(data.window.end),
        busy: busy.map(({ start, end }) => ({ start_time: toIso(start), end_time: toIso(end) })),
      },
    },
  ];
}

function sameIntervals(a: readonly Interval[], b: readonly Interval[]): boolean {
  return (
    a.length === b.length && a.every(({ start, end }, index) => start === b[index]!.start && end === b[index]!.end)
  );
}
