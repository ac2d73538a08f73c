import { scenario, storyTime } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as account from './decider.ts';
import { connect, connected, deleted, remove, rename, renamed } from './samples.ts';

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

t.test('deleting an account', async (t) => {
  t.test('ends it', async (t) => {
    const state = given(t, connected()).when(remove).then(deleted);
    t.match(state, { status: 'deleted' });
  });
  t.test('changes nothing the second time', async (t) => given(t, connected(), deleted).when(remove).thenNothing());
  t.test('is refused where there is none', async (t) => given(t).when(remove).thenRefused('not_found'));
});
