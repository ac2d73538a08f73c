import { scenario, storyTime } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as account from './decider.ts';
import {
  clearSchedule,
  connect,
  connected,
  deleted,
  openTenToFour,
  remove,
  rename,
  renamed,
  scheduleCleared,
  scheduleSet,
  setSchedule,
} from './samples.ts';

const given = scenario(account);

t.test('connecting an account', async (t) => {
  t.test('makes it, in the mode of the key that asked, for good', async (t) => {
    const state = given(t)
      .when(connect('Acme'))
      .then(connected({ name: 'Acme' }));
    t.match(state, { status: 'connected', name: 'Acme', livemode: false, createdAt: storyTime });
  });

  t.test('changes nothing the second time', async (t) => {
    given(t, connected()).when(connect()).thenNothing();
    given(t, connected(), deleted).when(connect()).thenNothing();
  });
});

t.test('renaming an account', async (t) => {
  t.test('gives its name and metadata whole, whichever of them was asked for', async (t) => {
    given(t, connected({ metadata: { crm: '1' } }))
      .when(rename({ name: 'New' }))
      .then(renamed('New', { crm: '1' }));
    given(t, connected({ name: 'Acme', metadata: { crm: '1' } }))
      .when(rename({ metadata: {} }))
      .then(renamed('Acme', {}));
  });

  t.test('changes nothing where it is so already', async (t) => {
    given(t, connected(), renamed('New', { crm: '1' }))
      .when(rename({ name: 'New', metadata: { crm: '1' } }))
      .thenNothing();
  });

  t.test('is refused where there is none, or no more', async (t) => {
    given(t)
      .when(rename({ name: 'New' }))
      .thenRefused('not_found');
    given(t, connected(), deleted)
      .when(rename({ name: 'New' }))
      .thenRefused('not_found');
  });
});

t.test('the hours of an account', async (t) => {
  t.test('are set whole, and cleared', async (t) => {
    const open = given(t, connected()).when(setSchedule()).then(scheduleSet());
    t.same(account.hoursOf(open as account.KnownAccount), openTenToFour);
    const cleared = given(t, connected(), scheduleSet()).when(clearSchedule).then(scheduleCleared);
    t.equal(account.hoursOf(cleared as account.KnownAccount), undefined);
  });
  t.test('change nothing the second time, neither set nor cleared', async (t) => {
    given(t, connected(), scheduleSet())
      .when(setSchedule({ ...openTenToFour }))
      .thenNothing();
    given(t, connected(), scheduleSet(), scheduleCleared).when(clearSchedule).thenNothing();
  });
  t.test('can be set again once they were cleared', async (t) => {
    given(t, connected(), scheduleSet(), scheduleCleared).when(setSchedule()).then(scheduleSet());
  });
  t.test('cannot be cleared where there are none', async (t) => {
    given(t, connected()).when(clearSchedule).thenRefused('not_found');
  });
  t.test('are of an account that is there', async (t) => {
    for (const command of [setSchedule(), clearSchedule]) {
      given(t).when(command).thenRefused('not_found');
      given(t, connected(), scheduleSet(), deleted).when(command).thenRefused('not_found');
    }
  });
});

t.test('deleting an account', async (t) => {
  t.test('ends it', async (t) => {
    const state = given(t, connected()).when(remove).then(deleted);
    t.match(state, { status: 'deleted' });
  });
  t.test('changes nothing the second time', async (t) => given(t, connected(), deleted).when(remove).thenNothing());
  t.test('is refused where there is none', async (t) => given(t).when(remove).thenRefused('not_found'));
});
