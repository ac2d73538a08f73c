import { day } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { folded } from '../../engine/scenario.ts';
import { usersProjection } from './projection.ts';

const given = folded(usersProjection);
const added = {
  type: 'user.added.v1',
  data: {
    user_id: 'user_1',
    account_id: 'acct_1',
    profile: { name: 'John', email: 'john@acme.test' },
    timezone: 'America/New_York',
  },
};
const awaySet = {
  type: 'user.away-set.v1',
  data: {
    user_id: 'user_1',
    away_id: 'away_1',
    start_time: '2026-12-24T00:00:00Z',
    end_time: '2026-12-27T00:00:00Z',
    reason: 'Holidays',
  },
};
const schedule = { timezone: 'Europe/Berlin', rules: [] };

t.test('a user begins without a schedule of their own', async (t) => {
  given(t, added).becomes({
    users: [{ id: 'user_1', name: 'John', email: 'john@acme.test', timezone: 'America/New_York', schedule: null }],
  });
});

t.test('a resource has a kind, no e-mail, and like a person limits of its own', async (t) => {
  const room = { ...added.data, kind: 'resource', profile: { name: 'Room 1' }, limits: [{ per: 'week', count: 9 }] };
  given(t, added).becomes({ users: [{ kind: 'person', limits: [], limits_reach_ms: 0 }] });
  given(t, { ...added, data: room }).becomes({
    users: [{ kind: 'resource', name: 'Room 1', email: null, limits: room.limits, limits_reach_ms: 8 * day }],
  });
  const changed = { user_id: 'user_1', profile: { name: 'Room 2' }, timezone: 'UTC' };
  given(t, { ...added, data: room }, { type: 'user.changed.v1', data: changed }).becomes({
    users: [{ kind: 'resource', name: 'Room 2', limits: [], limits_reach_ms: 0 }],
  });
});

t.test('a schedule that was set stays when the zone changes', async (t) => {
  given(
    t,
    added,
    { type: 'user.schedule-set.v1', data: { user_id: 'user_1', schedule } },
    { type: 'user.changed.v1', data: { user_id: 'user_1', profile: null, timezone: 'UTC' } },
  ).becomes({ users: [{ name: null, email: null, timezone: 'UTC', schedule, revision: 2 }] });
});

t.test('being away is a row of its own and moves the revision of the user', async (t) => {
  given(t, added, awaySet).becomes({
    users: [{ id: 'user_1', revision: 1 }],
    away: [{ id: 'away_1', user_id: 'user_1', account_id: 'acct_1', reason: 'Holidays' }],
  });
  given(t, added, awaySet, { type: 'user.away-cleared.v1', data: { user_id: 'user_1', away_id: 'away_1' } }).becomes({
    users: [{ id: 'user_1', revision: 2 }],
    away: [],
  });
});

t.test('a removed user has no row, whatever comes after', async (t) => {
  given(t, added, { type: 'user.removed.v1', data: { user_id: 'user_1' } }, awaySet).becomes({ users: [] });
});
