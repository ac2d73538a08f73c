import { type Instant, toIso } from '@agentcal/shared/kernel/time';
import { type ExplainedInterval, type Explanation, explainStart } from '@agentcal/shared/scheduling/explain';
import { gridTimezoneAt } from '@agentcal/shared/scheduling/team';
import { type Static, Type } from 'typebox';
import { isRemoved } from './host.ts';
import type { Calendars } from './load.ts';
import type { StartsQuery } from './starts.ts';

/** How an explained start is shown. */

const Interval = Type.Object({
  kind: Type.Enum(['open', 'away', 'busy', 'hold', 'booking'], { description: 'open: working hours of that day' }),
  start_time: Type.String(),
  end_time: Type.String(),
  buffered_start: Type.Optional(Type.String({ description: 'With its own buffers, where it has any' })),
  buffered_end: Type.Optional(Type.String()),
});

const Rule = Type.Object({
  rule: Type.Enum(
    [
      ...['duration', 'notice', 'booking_window', 'hours', 'account_hours', 'event_type_hours'],
      ...['calendar', 'limits', 'grid'],
    ] as const,
    {
      description: 'hours: the host’s own. Those of the account or event type are among the rules where they hold too',
    },
  ),
  ok: Type.Boolean(),
  detail: Type.String({ description: 'For a person; times in the host’s zone. Names nobody' }),
  intervals: Type.Optional(Type.Array(Interval, { description: 'What is in the way, or for hours what is open' })),
});

const verdict = {
  bookable: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'The code with which a booking would be refused' })),
};

const Host = Type.Object({ user_id: Type.String(), ...verdict, rules: Type.Array(Rule) });

export const Explained = Type.Object(
  {
    event_type_id: Type.String(),
    start_time: Type.String(),
    end_time: Type.String(),
    local_start: Type.String(),
    weekday: Type.String(),
    timezone: Type.String(),
    ...verdict,
    listed: Type.Boolean({ description: 'Whether the list offers it: it may go past a start that can be booked' }),
    user_ids: Type.Array(Type.String(), { description: 'Who can take it; empty where it cannot be booked' }),
    user_id: Type.Optional(Type.String({ description: 'Where one user was asked about' })),
    rules: Type.Optional(Type.Array(Rule, { description: 'Of that user' })),
    hosts: Type.Optional(Type.Array(Host, { description: 'Where several were: each of them, rule by rule' })),
  },
  { title: 'ExplainedStart' },
);

/** Each host with each rule's verdict; without a list where one user was asked about. */
export function explainHosts(
  query: StartsQuery,
  start: Instant,
  hoursRule: Calendars['hoursRule'],
): Pick<Static<typeof Explained>, 'user_id' | 'rules' | 'hosts'> {
  if (!('hosts' in query)) {
    return { user_id: query.host.userId, rules: show(explainStart({ ...query, start }), hoursRule).rules };
  }
  const gridTimezone = gridTimezoneAt(query, start);
  const hosts = query.hosts.map(({ calendar: host }) => {
    const asked = { ...query, host, start, ...(gridTimezone !== undefined && { gridTimezone }) };
    const { reason, ...shown } = show(explainStart(asked), hoursRule);
    return {
      user_id: host.userId,
      ...shown,
      ...(reason !== undefined && { reason: isRemoved(host) ? 'host_unavailable' : reason }),
    };
  });
  return { hosts };
}

function show(
  { verdict, rules }: Explanation,
  hoursRule: Calendars['hoursRule'],
): Omit<Static<typeof Host>, 'user_id'> {
  return {
    bookable: verdict.ok,
    ...(!verdict.ok && { reason: verdict.reason }),
    rules: rules.map(({ rule, ok, detail, intervals }) => ({
      rule: rule === 'opening_hours' ? (hoursRule ?? 'account_hours') : rule,
      ok,
      detail,
      ...(intervals && { intervals: intervals.map(showInterval) }),
    })),
  };
}

function showInterval({ kind, start, end, bufferedStart, bufferedEnd }: ExplainedInterval): Static<typeof Interval> {
  return {
    kind,
    start_time: toIso(start),
    end_time: toIso(end),
    ...(bufferedStart !== undefined && bufferedStart !== start && { buffered_start: toIso(bufferedStart) }),
    ...(bufferedEnd !== undefined && bufferedEnd !== end && { buffered_end: toIso(bufferedEnd) }),
  };
}
