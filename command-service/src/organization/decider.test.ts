import { day, hour } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as organization from './decider.ts';
import { isInForce } from './keys.ts';
import * as an from './samples.ts';

const given = scenario(organization);
const first = an.key('key_1');
const { now } = an;

t.test('registering an organization', async (t) => {
  t.test('comes with its first key', async (t) => {
    given(t).when(an.register(first)).then(an.registered, an.issued(first));
  });
  t.test('changes nothing the second time', async (t) => {
    given(t, an.registered, an.issued(first))
      .when(an.register(an.key('key_2')))
      .thenNothing();
  });
});

t.test('issuing a key', async (t) => {
  t.test('adds it, with an expiry where one is asked for', async (t) => {
    const expiring = an.key('key_2', { expiresAt: now + day });
    given(t, an.registered).when(an.issue(first)).then(an.issued(first));
    const state = given(t, an.registered).when(an.issue(expiring)).then(an.issued(expiring));
    const key = (state as organization.RegisteredOrganization).keys.key_2!;
    t.same([isInForce(key, now + day - 1), isInForce(key, now + day)], [true, false]);
    given(t, an.registered).when(an.issuePublishable('key_3')).then(an.publishableIssued('key_3'));
  });
  t.test('changes nothing the second time', async (t) => {
    given(t, an.registered, an.issued(first)).when(an.issue(first)).thenNothing();
    given(t, an.registered, an.publishableIssued('key_3')).when(an.issuePublishable('key_3')).thenNothing();
  });
});

t.test('revoking a key', async (t) => {
  const issued = [an.registered, an.issued(first), an.publishableIssued('key_3')];

  t.test('ends it at once or later', async (t) => {
    given(t, ...issued)
      .when(an.revoke('key_1', now))
      .then(an.revoked('key_1', now));
    given(t, ...issued)
      .when(an.revoke('key_3', now))
      .then(an.publishableRevoked('key_3', now));
    const state = given(t, ...issued)
      .when(an.revoke('key_1', now + hour))
      .then(an.revoked('key_1', now + hour));
    const key = (state as organization.RegisteredOrganization).keys.key_1!;
    t.same([isInForce(key, now + hour - 1), isInForce(key, now + hour)], [true, false]);
  });
  t.test('changes nothing the second time, unless it ends sooner', async (t) => {
    const ending = [...issued, an.revoked('key_1', now + hour)];
    given(t, ...ending)
      .when(an.revoke('key_1', now + hour))
      .thenNothing();
    given(t, ...ending)
      .when(an.revoke('key_1', now + day))
      .thenNothing();
    given(t, ...ending)
      .when(an.revoke('key_1', now))
      .then(an.revoked('key_1', now));
  });
  t.test('is refused for a key of the other mode, as for one that is not there', async (t) => {
    given(t, ...issued)
      .when(an.revoke('key_1', now, { livemode: true }))
      .thenRefused('not_found');
    given(t, ...issued)
      .when(an.revoke('key_9', now))
      .thenRefused('not_found');
  });
  t.test('is refused where the key has changed since the caller read it', async (t) => {
    given(t, ...issued)
      .when(an.revoke('key_1', now, { ifRevision: 1 }))
      .then(an.revoked('key_1', now));
    given(t, ...issued, an.revoked('key_1', now + day))
      .when(an.revoke('key_1', now, { ifRevision: 1 }))
      .thenRefused('revision_conflict');
  });
});

t.test('rolling a key', async (t) => {
  const old = an.key('key_1', { expiresAt: now + 90 * day });
  const issued = [an.registered, an.issued(old)];

  t.test('makes one like it and ends the old one, in one go', async (t) => {
    const successor = { ...old, keyId: 'key_2' };
    given(t, ...issued)
      .when(an.roll('key_1', 'key_2', { oldEndsAt: now + hour }))
      .then(an.issued(successor), an.revoked('key_1', now + hour));
  });
  t.test('changes nothing the second time', async (t) => {
    given(t, ...issued, an.issued(an.key('key_2')), an.revoked('key_1', now))
      .when(an.roll('key_1', 'key_2'))
      .thenNothing();
  });
  t.test('is refused for a key that is over', async (t) => {
    given(t, ...issued, an.revoked('key_1', now))
      .when(an.roll('key_1', 'key_2'))
      .thenRefused('gone');
    given(t, ...issued)
      .when(an.roll('key_1', 'key_2', { at: now + 90 * day }))
      .thenRefused('gone');
  });
  t.test('is refused to a key that may do less', async (t) => {
    given(t, ...issued)
      .when(an.roll('key_1', 'key_2', { scopes: new Set(['users:read']) }))
      .thenRefused('forbidden');
  });
  t.test('is refused for publishable keys and for those of the other mode', async (t) => {
    given(t, ...issued, an.publishableIssued('key_3'))
      .when(an.roll('key_3', 'key_2'))
      .thenRefused('invalid_request');
    given(t, ...issued)
      .when(an.roll('key_1', 'key_2', { livemode: true }))
      .thenRefused('not_found');
  });
});

t.test('webhook endpoints', async (t) => {
  t.test('are registered and removed', async (t) => {
    given(t, an.registered).when(an.registerWebhook('whk_1')).then(an.webhookRegistered('whk_1'));
    given(t, an.registered, an.webhookRegistered('whk_1'))
      .when(an.removeWebhook('whk_1'))
      .then(an.webhookRemoved('whk_1'));
  });
  t.test('once: the second time changes nothing', async (t) => {
    const history = [an.registered, an.webhookRegistered('whk_1')];
    given(t, ...history)
      .when(an.registerWebhook('whk_1'))
      .thenNothing();
    given(t, ...history, an.webhookRemoved('whk_1'))
      .when(an.registerWebhook('whk_1'))
      .thenNothing();
    given(t, ...history, an.webhookRemoved('whk_1'))
      .when(an.removeWebhook('whk_1'))
      .thenNothing();
  });
  t.test('are not removed by the other mode, nor where there is none, nor against If-Match', async (t) => {
    const history = [an.registered, an.webhookRegistered('whk_1')];
    given(t, ...history)
      .when(an.removeWebhook('whk_1', { livemode: true }))
      .thenRefused('not_found');
    given(t, ...history)
      .when(an.removeWebhook('whk_2'))
      .thenRefused('not_found');
    given(t, ...history)
      .when(an.removeWebhook('whk_1', { ifRevision: 0 }))
      .thenRefused('revision_conflict');
  });
});

t.test('nothing can be asked of an organization that is not there', async (t) => {
  for (const command of [an.issue(first), an.revoke('key_1', now), an.registerWebhook('whk_1')]) {
    given(t).when(command).thenRefused('not_found');
  }
});
