import type { EventOf } from '@agentcal/shared/kernel/event';
import type { Instant, Interval } from '@agentcal/shared/kernel/time';
import { toIso } from '@agentcal/shared/kernel/time';
import type { MirrorExternalBusy } from '../commands.ts';
import type { CalendarEvent, ExternalBusyMirrored } from '../events.ts';
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

/** All busy time by source after the event. A source that says nothing any more is gone. */
export function foldBusy(
  state: CalendarState,
  data: EventOf<typeof ExternalBusyMirrored>['data'],
): CalendarState['busy'] {
  const window = { start: Date.parse(data.window_start), end: Date.parse(data.window_end) };
  const { [data.source]: before = [], ...others } = state.busy;
  const said = data.busy.map(({ start_time, end_time }) => ({
    start: Date.parse(start_time),
    end: Date.parse(end_time),
  }));
  const outside = [
    ...cut(before, { start: Number.NEGATIVE_INFINITY, end: window.start }),
    ...cut(before, { start: window.end, end: Number.POSITIVE_INFINITY }),
  ];
  const after = withoutPast(merged([...outside, ...said]), state.latest);
  return after.length === 0 ? others : { ...others, [data.source]: after };
}

/** Busy time of every source that meets the range. */
export function busyWithin(busy: CalendarState['busy'], from: Instant, to: Instant): Interval[] {
  return Object.values(busy).flatMap((intervals) => intervals.filter(({ start, end }) => start < to && end > from));
}

function cut(intervals: readonly Interval[], window: Interval): Interval[] {
  return intervals
    .map(({ start, end }) => ({ start: Math.max(start, window.start), end: Math.min(end, window.end) }))
    .filter(({ start, end }) => start < end);
}

/** Sorted, and no two of them meeting. */
function merged(intervals: readonly Interval[]): Interval[] {
  const result: { start: Instant; end: Instant }[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

function sameIntervals(a: readonly Interval[], b: readonly Interval[]): boolean {
  return (
    a.length === b.length && a.every(({ start, end }, index) => start === b[index]!.start && end === b[index]!.end)
  );
}
