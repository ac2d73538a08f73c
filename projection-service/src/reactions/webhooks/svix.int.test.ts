import { systemClock } from '@agentcal/shared/kernel/time';
import { readConfig } from '@agentcal/shared/process/config';
import type { PublicEvent } from '@agentcal/shared/resources/webhook';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { until } from '../../engine/testing.ts';
import { configuredSender } from './configured.ts';
import { created, organization_id, product, registered, rescheduled, secret } from './product.fixture.ts';

import { svixDouble, token } from './svix.fixture.ts';
import { createSvixSender } from './svix.ts';

const hook = 'https://example.com/hook';
const log = pino({ level: 'silent' });
const event = { id: 'event-1', type: 'booking.created' } as PublicEvent;
const message = { webhookId: 'whk_1', url: hook, event, secret };

t.test('an event is handed over once per endpoint, with the secret that its owner has', async (t) => {
  const { svix, log, statuses, attempts } = await productWithSvix(t, 'whk_1', 'whk_2');
  await log('organization-org_1', registered('whk_1', hook, ['booking.created', 'booking.rescheduled']));
  await log('organization-org_1', registered('whk_2', hook, ['booking.created']));
  await log('calendar-1', created('bkg_1'), rescheduled('bkg_1'));
  await until(async () => (await statuses()).filter((status) => status === 'delivered').length === 3);

  t.same([...svix.applications.keys()].sort(), ['whk_1', 'whk_2']);
  const { endpoint, messages } = svix.applications.get('whk_1')!;
  t.same(endpoint, { uid: 'whk_1', url: hook, secret });
  t.match(messages, [
    {
      eventType: 'booking.created',
      eventId: /^whk_1\.0{8}-/,
      payload: { specversion: '1.0', type: 'booking.created', subject: 'bkg_1', data: { status: 'confirmed' } },
    },
    { eventType: 'booking.rescheduled', payload: { sequence: '2' } },
  ]);
  t.match(svix.applications.get('whk_2')!.messages, [{ eventType: 'booking.created', eventId: /^whk_2\./ }]);
  t.match(await attempts(), [{ attempt: 1, delivered: true, status_code: null, detail: 'handed to Svix' }]);
});

t.test('a repeat makes no second message', async (t) => {
  const { svix, sendAgain, log, attempts } = await productWithSvix(t, 'whk_1');
  await log('organization-org_1', registered('whk_1', hook, ['booking.created']));
  await log('calendar-1', created('bkg_1'));
  await until(async () => (await attempts()).length === 1);
  await sendAgain();
  await until(async () => (await attempts()).length === 2);
  t.match(await attempts(), [{ delivered: true }, { delivered: true, detail: 'handed to Svix' }]);
  t.equal(svix.applications.get('whk_1')!.messages.length, 1);
});

t.test('another process finds the application that is there', async (t) => {
  const svix = await svixDouble(t);
  for (const _ of ['one', 'other']) {
    const sender = await createSvixSender({ token, serverUrl: svix.url, log });
    t.match(await sender.send(message), { delivered: true });
  }
  t.equal(svix.applications.get('whk_1')!.messages.length, 1);
});

t.test('while Svix is down the job is tried again', async (t) => {
  const { svix, log, attempts } = await productWithSvix(t, 'whk_1');
  svix.failWith(503, 429);
  await log('organization-org_1', registered('whk_1', hook, ['booking.created']));
  await log('calendar-1', created('bkg_1'));
  await until(async () => (await attempts()).length === 3);
  t.match(await attempts(), [
    { attempt: 1, delivered: false, status_code: null, detail: 'Svix answered 503' },
    { attempt: 2, delivered: false, status_code: null, detail: 'Svix answered 429' },
    { attempt: 3, delivered: true, status_code: null, detail: 'handed to Svix' },
  ]);
});

t.test('an application that vanished is made again', async (t) => {
  const { svix, log, attempts } = await productWithSvix(t, 'whk_1');
  await log('organization-org_1', registered('whk_1', hook, ['booking.created']));
  await log('calendar-1', created('bkg_1'));
  await until(async () => (await attempts()).length === 1);
  svix.applications.clear();
  await log('calendar-2', created('bkg_2'));
  await until(async () => (await attempts()).length === 3);
  t.match((await attempts()).slice(1), [{ detail: 'Svix answered 404' }, { delivered: true }]);
  t.match(svix.applications.get('whk_1'), { endpoint: { url: hook }, messages: [{ payload: { subject: 'bkg_2' } }] });
});

t.test('a token chooses Svix; the address of a server alone changes nothing', async (t) => {
  const svix = await svixDouble(t);
  const configured = (env: Record<string, string>) =>
    configuredSender({ config: readConfig({ SVIX_SERVER_URL: svix.url, ...env }) as never, clock: systemClock, log });
  t.match(await (await configured({ SVIX_TOKEN: token })).send(message), { detail: 'handed to Svix' });
  svix.requests.length = 0;
  const own = await configured({});
  t.teardown(() => own.close());
  t.match(await own.send({ ...message, url: svix.url }), { detail: /cannot receive/ });
  t.same(svix.requests, []);
});

t.test('a wrong token, or nobody there, is a failed attempt and no more', async (t) => {
  const svix = await svixDouble(t);
  const stranger = await createSvixSender({ token: 'wrong', serverUrl: svix.url, log });
  t.match(await stranger.send(message), { delivered: false, detail: 'Svix answered 401' });
  await t.rejects(stranger.forget('whk_1'), { message: 'Svix kept an application: 401' });
  const alone = await createSvixSender({ token, serverUrl: svix.url.replace(/\d+$/, '1'), log });
  t.match(await alone.send(message), { delivered: false, detail: 'Svix did not answer' });
});

t.test('with the endpoint its application goes, also after a failure', async (t) => {
  const { svix, log, attempts } = await productWithSvix(t, 'whk_1');
  await log('organization-org_1', registered('whk_1', hook, ['booking.created']));
  await log('calendar-1', created('bkg_1'));
  await until(async () => (await attempts()).length === 1);
  svix.failWith(503);
  await log('organization-org_1', removed('whk_1'));
  await until(() => svix.applications.size === 0);
  t.same(svix.requests.slice(-2), ['DELETE /api/v1/app/whk_1', 'DELETE /api/v1/app/whk_1']);
});

t.test('an endpoint removed while an event is handed over leaves nothing behind', async (t) => {
  const { svix, log, statuses } = await productWithSvix(t, 'whk_1');
  const deletions = () => svix.requests.filter((request) => request.startsWith('DELETE')).length;
  svix.beforeApplication(async () => {
    await log('organization-org_1', removed('whk_1'));
    await until(() => deletions() === 1);
  });
  await log('organization-org_1', registered('whk_1', hook, ['booking.created']));
  await log('calendar-1', created('bkg_1'));
  await until(async () => (await statuses()).includes('delivered'));
  t.equal(svix.applications.size, 0);
  t.equal(deletions(), 2);
});

async function productWithSvix(t: Test, ...webhookIds: string[]) {
  const svix = await svixDouble(t);
  const made = await product(t, await createSvixSender({ token, serverUrl: svix.url, log }));
  for (const id of webhookIds) await made.vault.putSecret(`webhook:${id}`, secret);
  return { ...made, svix };
}

const removed = (webhook_id: string) => ({
  type: 'organization.webhook-removed.v1',
  data: { organization_id, webhook_id },
});
