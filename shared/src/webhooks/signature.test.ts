import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { newWebhookSecret, signWebhook } from './signature.ts';

const body = '{"type":"booking.created","data":{"name":"Zoë"}}';
const now = () => Math.floor(Date.now() / 1000);

t.test('the public library verifies it', async (t) => {
  const secret = newWebhookSecret();
  const headers = { ...signWebhook('evt-1', now(), body, [secret]) };
  t.same(new Webhook(secret).verify(body, headers), JSON.parse(body));
  t.throws(() => new Webhook(secret).verify(`${body} `, headers), 'another body');
  t.throws(() => new Webhook(newWebhookSecret()).verify(body, headers), 'another secret');
  t.throws(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'evt-2' }), 'another id');
});

t.test('an old attempt is no longer believed', async (t) => {
  const secret = newWebhookSecret();
  t.throws(() => new Webhook(secret).verify(body, { ...signWebhook('evt-1', now() - 600, body, [secret]) }));
});

t.test('while a secret is rotated, the old and the new one both verify', async (t) => {
  const secrets = [newWebhookSecret(), newWebhookSecret()];
  const headers = { ...signWebhook('evt-1', now(), body, secrets) };
  for (const secret of secrets) t.ok(new Webhook(secret).verify(body, headers));
});
