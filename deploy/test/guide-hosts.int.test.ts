import { readFile } from 'node:fs/promises';
import { day } from '@agentcal/shared/kernel/time';
import t from 'tap';
import { api } from './api.fixture.ts';
import { startProduct } from './product.fixture.ts';

/** The requests of the guide, sent as they stand. */
t.test('the guide about hosts can be followed', async (t) => {
  const { product } = await startProduct(t);
  const { send, get } = api(product.url, product.testKeys.secretKey);
  const known: Record<string, string> = {
    account: (await send('POST', '/v1/accounts', { name: 'Acme' })).body.id,
    ...aWeekAhead(),
  };
  const guide = await readFile(new URL('../../docs/guides/hosts.md', import.meta.url), 'utf8');
  const requests = [
    ...guide.matchAll(/^```http\n(?<method>[A-Z]+) (?<path>\S+)(?: → (?<name>\w+))?\n(?<body>[^`]*)```$/gm),
  ];
  t.equal(requests.length, guide.match(/^```http$/gm)?.length, 'each block is a request');
  let position = '';
  for (const { groups = {} } of requests) {
    const { method = '', path = '', name, body = '' } = groups;
    const said = `${method} ${path}${name ? ` → ${name}` : ''}`;
    const answer =
      method === 'GET'
        ? await get(filled(path, known), { 'agentcal-min-position': position })
        : await send(method as 'POST', filled(path, known), JSON.parse(filled(body, known)));
    t.ok(answer.status < 300, `${said}: ${answer.status} ${JSON.stringify(answer.body)}`);
    if (name) known[name] = answer.body.id ?? answer.body.data[0].slot_id;
    position = answer.headers.get('agentcal-position') ?? position;
    if (path.includes('/availability?')) t.equal(answer.body.data[0].user_ids.length, 4, 'everybody who can');
    if (path.endsWith('/bookings')) t.equal(answer.body.user_ids.length, 3, 'one of the rooms');
  }
});

function filled(text: string, known: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => known[name] ?? `{${name}}`);
}

/** The Monday after next Sunday, and its Friday. */
function aWeekAhead(): { monday: string; friday: string } {
  const sunday = Date.now() + (7 - new Date().getUTCDay()) * day;
  const date = (instant: number) => new Date(instant).toISOString().slice(0, 10);
  return { monday: date(sunday + day), friday: date(sunday + 5 * day) };
}
