import t from 'tap';
import { ifMatch, requireMatch, setEtag } from './etag.ts';
import { minPosition, setPosition } from './position.ts';
import { testServer } from './testing.ts';

const asking = (name: string, value: unknown) => ({ headers: { [name]: value } });

t.test('AgentCal-Min-Position is a decimal number', async (t) => {
  const read = (value: unknown) => minPosition(asking('agentcal-min-position', value));
  t.equal(read(undefined), undefined);
  t.equal(read('0'), 0n);
  t.equal(read('9223372036854775807'), 9223372036854775807n);
  for (const value of ['', '-1', '1.5', '0x1', ' 1', '9223372036854775808', '1'.repeat(40), '1e3']) {
    t.throws(() => read(value), { code: 'invalid_request' }, value);
  }
});

t.test('If-Match is one ETag or any', async (t) => {
  const read = (value: unknown) => ifMatch(asking('if-match', value));
  t.equal(read(undefined), undefined);
  t.equal(read('*'), undefined);
  t.equal(read('"12"'), 12);
  t.equal(read('W/"12"'), 12);
  t.equal(read('"of-another-server"'), -1);
  for (const value of ['12', '"1', '', '"1", "2"', '"a"b"']) {
    t.throws(() => read(value), { code: 'invalid_request' }, value);
  }
});

t.test('a change of something that changed meanwhile is refused', async (t) => {
  requireMatch(asking('if-match', '"3"'), 3);
  requireMatch(asking('if-match', undefined), 3);
  for (const value of ['"2"', '"x"']) {
    t.throws(() => requireMatch(asking('if-match', value), 3), { code: 'revision_conflict' });
  }
});

t.test('answers tell position and ETag', async (t) => {
  const { app } = await testServer(t, (app) => {
    app.get('/v1/thing', { config: { public: true } }, async (_request, reply) => {
      setPosition(reply, 42n);
      setEtag(reply, 7);
      return {};
    });
  });
  t.match((await app.inject('/v1/thing')).headers, { 'agentcal-position': '42', etag: '"7"' });
});
