import type { lookup } from 'node:dns';
import t from 'tap';
import { calledAs, guardedLookup, isPublic, objectionTo } from './destination.ts';

const strict = { allowLoopback: false };

t.test('takes public https URLs', async (t) => {
  for (const url of [
    'https://example.com/hook',
    'https://example.com:8443/a?b=c',
    'https://93.184.215.14/',
    'https://[2606:2800:21f::1]/',
  ])
    t.equal(objectionTo(url, strict), undefined, url);
});

t.test('refuses everything that could reach inside', async (t) => {
  const refused = [
    'http://example.com',
    'ftp://example.com',
    'not a url',
    'https://user:pass@example.com',
    'https://example.com/#x',
    'https://localhost',
    'https://api.localhost',
    'https://printer.local',
    'https://db.internal',
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://0.0.0.0',
    'https://10.0.0.1',
    'https://172.16.3.4',
    'https://192.168.1.1',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1',
    'https://192.0.2.1',
    'https://224.0.0.1',
    'https://[::1]',
    'https://[::]',
    'https://[fe80::1]',
    'https://[fc00::1]',
    'https://[::ffff:10.0.0.1]',
    'https://[64:ff9b::a00:1]',
    'https://[2002:a00:1::]',
    'https://[::ffff:127.0.0.1]',
    'https://localhost./',
    'https://db.internal./',
    'https://127.0.0.1./',
    'https://[::7f00:1]/',
    'https://[::a9fe:a9fe]/',
    'https://[4000::1]/',
  ];
  for (const url of refused) t.type(objectionTo(url, strict), 'string', url);
});

t.test('keeps a URL as it is called', async (t) => {
  t.equal(calledAs('https://example.com/hook?a=b'), 'https://example.com/hook?a=b');
  t.equal(calledAs(' https:EXAMPLE.com/h\took\n'), 'https://example.com/hook');
});

t.test('lets a trial on one machine call back to itself, and nowhere else', async (t) => {
  const trial = { allowLoopback: true };
  t.equal(objectionTo('http://localhost:4000/hook', trial), undefined);
  t.equal(objectionTo('http://127.0.0.1:4000', trial), undefined);
  t.equal(objectionTo('http://[::1]:4000', trial), undefined);
  t.type(objectionTo('http://192.168.1.1', trial), 'string');
  t.type(objectionTo('file://localhost/etc/passwd', trial), 'string');
});

t.test('checks what a name resolves to', async (t) => {
  const resolving = (...addresses: string[]) =>
    ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as unknown as typeof lookup;
  const ask = (allowLoopback: boolean, ...addresses: string[]) =>
    new Promise((done) =>
      guardedLookup({ allowLoopback }, resolving(...addresses))('h.example', {}, (error, found) =>
        done(error?.name ?? found),
      ),
    );
  t.equal(await ask(false, '93.184.215.14'), '93.184.215.14');
  t.equal(await ask(false, '10.0.0.1'), 'AddressRefused');
  t.equal(await ask(false, '93.184.215.14', '127.0.0.1'), 'AddressRefused', 'one bad address is enough');
  t.equal(await ask(true, '127.0.0.1'), '127.0.0.1');
  t.equal(await ask(true, '10.0.0.1'), 'AddressRefused');
  t.equal(await ask(false), 'AddressRefused', 'no address is none');
});

t.test('an address that is none is not public', async (t) => t.notOk(isPublic('nonsense')));
