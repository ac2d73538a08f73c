import { type UserProfile, userEvents } from '@agentcal/command-service/user/events';
import type { Limit } from '@agentcal/shared/scheduling/model';
import { defineProjection } from '../../engine/consumer.ts';
import { beginning, changed, tenantOf } from '../common.ts';
import { periodMsOf } from '../periods.ts';
import { away, users } from './table.ts';

const byUser = (event: { data: { user_id: string } }) => [{ id: event.data.user_id }];
const byAway = (event: { data: { away_id: string } }) => [{ id: event.data.away_id }];

/** Users with their schedules, and when they are away. */
export const usersProjection = defineProjection({
  name: 'users',
  version: 2,
  definitions: userEvents,
  opensPersonalData: true,
  tables: { users, away },
  on: {
    'user.added.v1': {
      users: {
        keys: byUser,
        fold: (_, event) => ({
          id: event.data.user_id,
          ...tenantOf(event),
          account_id: event.data.account_id,
          kind: event.data.kind ?? 'person',
          ...nameAndEmail(event.data.profile),
          timezone: event.data.timezone,
          ...limitsOf(event.data),
          schedule: null,
          ...beginning(event),
        }),
      },
    },
    'user.changed.v1': {
      users: {
        keys: byUser,
        fold: (row, event) =>
          changed(row, event, {
            ...nameAndEmail(event.data.profile),
            timezone: event.data.timezone,
            ...limitsOf(event.data),
          }),
      },
    },
    'user.schedule-set.v1': {
      users: { keys: byUser, fold: (row, event) => changed(row, event, { schedule: event.data.schedule }) },
    },
    // Being away is in the user's stream, so the user's ETag moves with it.
    'user.away-set.v1': {
      users: { keys: byUser, fold: (row, event) => changed(row, event) },
      away: {
        keys: byAway,
        fold: (_, event) => ({
          id: event.data.away_id,
          ...tenantOf(event),
          account_id: event.metadata.account_id ?? '',
          user_id: event.data.user_id,
          start_time: Date.parse(event.data.start_time),
          end_time: Date.parse(event.data.end_time),
          reason: (event.data.reason as string | null | undefined) ?? null,
          position: Number(event.position),
        }),
      },
    },
    'user.away-cleared.v1': {
      users: { keys: byUser, fold: (row, event) => changed(row, event) },
      away: { keys: byAway, fold: () => undefined },
    },
    'user.removed.v1': { users: { keys: byUser, fold: () => undefined } },
  },
});

function limitsOf({ limits = [] }: { readonly limits?: readonly Limit[] }) {
  return { limits, limits_reach_ms: periodMsOf(limits) };
}

function nameAndEmail(profile: unknown) {
  const { name = null, email = null } = (profile ?? {}) as Partial<UserProfile>;
  return { name, email };
}
