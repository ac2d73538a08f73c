import { defaultSchedule } from '@agentcal/shared/resources/user';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as user from './decider.ts';
import * as the from './samples.ts';

const given = scenario(user);
const [friday, monday] = ['2030-05-03T00:00:00Z', '2030-05-06T00:00:00Z'];

t.test('adding a user', async (t) => {
  t.test('makes one with office hours in their zone', async (t) => {
    const state = given(t).when(the.add('Asia/Tokyo')).then(the.added('Asia/Tokyo'));
    t.same(user.scheduleOf(state as user.KnownUser), defaultSchedule('Asia/Tokyo'));
  });
  t.test('changes nothing the second time', async (t) => {
    given(t, the.added()).when(the.add()).thenNothing();
    given(t, the.added(), the.removed).when(the.add()).thenNothing();
  });
});

t.test('changing a user', async (t) => {
  t.test('keeps what is not asked for', async (t) => {
    given(t, the.added())
      .when(the.change({ timezone: 'UTC' }))
      .then(the.changed(the.sealed('John'), 'UTC'));
    given(t, the.added('UTC'))
      .when(the.change({ profile: the.sealed('Jon') }))
      .then(the.changed(the.sealed('Jon'), 'UTC'));
  });
  t.test('moves office hours along, and leaves a schedule that was set in its own zone', async (t) => {
    const untouched = given(t, the.added(), the.changed(the.sealed('John'), 'UTC')).state as user.KnownUser;
    t.equal(user.scheduleOf(untouched).timezone, 'UTC');
    const set = given(t, the.added(), the.scheduleSet(), the.changed(the.sealed('John'), 'UTC'))
      .state as user.KnownUser;
    t.equal(user.scheduleOf(set).timezone, the.mornings.timezone);
  });
  t.test('changes nothing where it is so already', async (t) => {
    given(t, the.added('UTC'))
      .when(the.change({ profile: the.sealed('John'), timezone: 'UTC' }))
      .thenNothing();
  });
});

t.test('a resource', async (t) => {
  t.test('is one for good', async (t) => {
    const room = given(t)
      .when(the.add('UTC', { kind: 'resource' }))
      .then(the.added('UTC', { kind: 'resource' }));
    t.match(room, { kind: 'resource' });
    t.match(given(t, the.added('UTC', { kind: 'resource' }), the.changed(the.sealed('Room 1'), 'UTC')).state, {
      kind: 'resource',
    });
  });
  t.test('is what a user of before there were any is not', async (t) => {
    t.match(given(t, the.added()).state, { kind: 'person', limits: [] });
  });
});

t.test("a user's own limits", async (t) => {
  const limits = [{ per: 'day' as const, count: 3 }];
  t.test('can be there from the start', async (t) => {
    t.match(given(t).when(the.add('UTC', { limits })).then(the.added('UTC', { limits })), { limits });
  });
  t.test('stay when something else changes', async (t) => {
    given(t, the.added('UTC', { limits }))
      .when(the.change({ profile: the.sealed('Jon') }))
      .then(the.changed(the.sealed('Jon'), 'UTC', { limits }));
  });
  t.test('are replaced whole, or taken away', async (t) => {
    const weekly = [{ per: 'week' as const, minutes: 600 }];
    given(t, the.added('UTC', { limits }))
      .when(the.change({ limits: weekly }))
      .then(the.changed(the.sealed('John'), 'UTC', { limits: weekly }));
    const free = given(t, the.added('UTC', { limits }))
      .when(the.change({ limits: [] }))
      .then(the.changed(the.sealed('John'), 'UTC'));
    t.match(free, { limits: [] });
  });
  t.test('change nothing where they are so already', async (t) => {
    given(t, the.added('UTC', { limits }))
      .when(the.change({ limits: [...limits] }))
      .thenNothing();
    given(t, the.added('UTC'))
      .when(the.change({ limits: [] }))
      .thenNothing();
  });
});

t.test('setting a schedule', async (t) => {
  t.test('replaces the whole of it', async (t) =>
    given(t, the.added()).when(the.setSchedule()).then(the.scheduleSet()),
  );
  t.test('changes nothing the second time', async (t) => {
    given(t, the.added(), the.scheduleSet())
      .when(the.setSchedule({ ...the.mornings }))
      .thenNothing();
  });
  t.test('can set even what holds anyway, so that a later zone no longer moves it', async (t) => {
    const same = defaultSchedule('UTC');
    given(t, the.added('UTC')).when(the.setSchedule(same)).then(the.scheduleSet(same));
  });
});

t.test('being out of office', async (t) => {
  t.test('is a range of instants, until it is cleared', async (t) => {
    const away = given(t, the.added()).when(the.setAway(friday, monday)).then(the.awaySet(friday, monday));
    t.match(user.awayOf(away as user.KnownUser), [{ start: Date.parse(friday), end: Date.parse(monday) }]);
    const back = given(t, the.added(), the.awaySet(friday, monday)).when(the.clearAway).then(the.awayCleared);
    t.same(user.awayOf(back as user.KnownUser), []);
  });
  t.test('changes nothing the second time, neither set nor cleared', async (t) => {
    given(t, the.added(), the.awaySet(friday, monday)).when(the.setAway(friday, monday)).thenNothing();
    given(t, the.added(), the.awaySet(friday, monday), the.awayCleared).when(the.clearAway).thenNothing();
  });
  t.test('is refused when it ends before it starts, or never was', async (t) => {
    given(t, the.added()).when(the.setAway(monday, friday)).thenRefused('range_reversed');
    given(t, the.added()).when(the.setAway(friday, friday)).thenRefused('range_reversed');
    given(t, the.added()).when(the.clearAway).thenRefused('not_found');
  });
});

t.test('removing a user', async (t) => {
  t.test('ends them', async (t) => {
    t.match(given(t, the.added()).when(the.remove).then(the.removed), { status: 'removed' });
  });
  t.test('changes nothing the second time', async (t) =>
    given(t, the.added(), the.removed).when(the.remove).thenNothing(),
  );
});

t.test('nothing can be asked of a user who is not there, or no more', async (t) => {
  const commands = [the.change({ timezone: 'UTC' }), the.setSchedule(), the.setAway(friday, monday), the.clearAway];
  for (const command of commands) {
    given(t).when(command).thenRefused('not_found');
    given(t, the.added(), the.removed).when(command).thenRefused('not_found');
  }
  given(t).when(the.remove).thenRefused('not_found');
});
