import type { EventOf } from '@agentcal/shared/kernel/event';
import type { ExternalBusyMirrored } from '../events.ts';
import { cut, merged } from '../state/busy.ts';
import { withoutPast } from '../state/retention.ts';
import type { CalendarState } from '../state/state.ts';

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
