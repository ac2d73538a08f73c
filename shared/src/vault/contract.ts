import type { Test } from 'tap';
import type { Subject, Vault } from './port.ts';

const scope = 'acct_1';
const ann: Subject = { scope, kind: 'attendee', id: 'ann@example.test' };
const bob: Subject = { scope, kind: 'attendee', id: 'bob@example.test' };
const person = { name: 'Ann', email: 'ann@example.test', notes: ['ä', '💬', null, 1.5, { deep: true }] };

/** Everything that a vault must do, in the words of `port.ts`. Each check gets a vault with nothing in it. */
export async function vaultContract(t: Test, name: string, create: (t: Test) => Promise<Vault>): Promise<void> {
  const check = (title: string, prove: (t: Test, vault: Vault) => Promise<void>) =>
    t.test(`${name}: ${title}`, async (t) => {
      const vault = await create(t);
      await prove(t, vault);
      await vault.close();
    });

  await check('what was sealed opens again, in the order asked for', async (t, vault) => {
    const one = await vault.seal(ann, person);
    const two = await vault.seal(bob, 'Bob');
    t.strictSame(await vault.open([two, one, two]), ['Bob', person, 'Bob']);
    t.strictSame(await vault.open([]), []);
  });

  await check('sealed text tells nothing, not even that it is the same again', async (t, vault) => {
    const one = await vault.seal(ann, person);
    const again = await vault.seal(ann, person);
    t.equal(one.kid, again.kid, 'one person has one key');
    t.not(one.sealed, again.sealed);
    t.notMatch(Buffer.from(one.sealed, 'base64url').toString('latin1'), /ann/i);
    t.notMatch(one.kid, /ann/i);
    t.match(one.sealed, /^[\w-]+$/);
  });

  await check('an address is one person however it is typed', async (t, vault) => {
    const { kid } = await vault.seal(ann, 1);
    t.equal((await vault.seal({ ...ann, id: ' Ann@Example.TEST ' }, 1)).kid, kid);
  });

  await check('another account, kind or person has another key', async (t, vault) => {
    const subjects: Subject[] = [ann, bob, { ...ann, scope: 'acct_2' }, { ...ann, kind: 'member' }];
    const sealed = await Promise.all(subjects.map((subject) => vault.seal(subject, 1)));
    t.equal(new Set(sealed.map(({ kid }) => kid)).size, subjects.length);
  });

  await check('seals that come at once for one new person share one key', async (t, vault) => {
    const sealed = await Promise.all(Array.from({ length: 20 }, (_, n) => vault.seal(n % 2 ? ann : bob, n)));
    t.equal(new Set(sealed.map(({ kid }) => kid)).size, 2);
    t.strictSame(await vault.open(sealed), Array.from(sealed.keys()));
  });

  await check('what is sealed ahead opens at once, and goes with its person', async (t, vault) => {
    const seal = async (n: number) => {
      const { sealed, claimed } = await vault.sealAhead(n % 2 ? ann : bob, n);
      t.strictSame(await vault.open([sealed]), [n], 'whoever knows of it yet');
      await claimed;
      return sealed;
    };
    const sealed = await Promise.all(Array.from({ length: 20 }, (_, n) => seal(n)));
    sealed.push(await vault.seal(bob, 20), await seal(21));
    t.strictSame(await vault.open(sealed), Array.from(sealed.keys()));
    t.ok((await vault.erase(ann)) > 0);
    t.strictSame(
      await vault.open(sealed),
      Array.from(sealed.keys(), (n) => (n % 2 ? null : n)),
    );
  });

  await check('who comes back after being erased while it was sealed ahead has a new key', async (t, vault) => {
    const old = await vault.sealAhead(ann, 'old');
    await Promise.all([vault.erase(ann), old.claimed]);
    const fresh = await vault.sealAhead(ann, 'new');
    await fresh.claimed;
    t.strictSame(await vault.open([fresh.sealed]), ['new']);
  });

  await check('an erased person is mute at once, and alone', async (t, vault) => {
    const one = await vault.seal(ann, 'Ann');
    const two = await vault.seal(bob, 'Bob');
    t.strictSame(await vault.open([one, two]), ['Ann', 'Bob']);
    t.equal(await vault.erase({ ...ann, id: 'ANN@example.test' }), 1);
    t.strictSame(await vault.open([one, two]), [null, 'Bob']);
    t.equal(await vault.erase(ann), 0, 'there is nothing left to erase');
  });

  await check('an erased person who comes back has a new key; the old words stay mute', async (t, vault) => {
    const old = await vault.seal(ann, 'old');
    await vault.erase(ann);
    const fresh = await vault.seal(ann, 'new');
    t.not(fresh.kid, old.kid);
    t.strictSame(await vault.open([old, fresh]), [null, 'new']);
  });

  await check('a key that never was opens nothing', async (t, vault) => {
    t.strictSame(await vault.open([{ kid: 'dk_nobody', sealed: 'AAAA' }]), [null]);
  });

  await check('text that was changed, cut or put under another key is refused', async (t, vault) => {
    const one = await vault.seal(ann, 'Ann');
    const { kid } = await vault.seal(bob, 'Bob');
    const bytes = Buffer.from(one.sealed, 'base64url');
    bytes[14]! ^= 1;
    await t.rejects(vault.open([{ ...one, sealed: bytes.toString('base64url') }]));
    await t.rejects(vault.open([{ ...one, sealed: one.sealed.slice(0, 10) }]));
    await t.rejects(vault.open([{ ...one, kid }]));
  });

  await check('secrets are kept by name until they are deleted', async (t, vault) => {
    t.equal(await vault.getSecret('whk_1'), undefined);
    await vault.putSecret('whk_1', 'whsec_ä');
    await vault.putSecret('whk_2', '');
    t.equal(await vault.getSecret('whk_1'), 'whsec_ä');
    t.equal(await vault.getSecret('whk_2'), '');
    await vault.putSecret('whk_1', 'whsec_new');
    t.equal(await vault.getSecret('whk_1'), 'whsec_new');
    t.equal(await vault.keepSecret('whk_1', 'whsec_late'), 'whsec_new', 'what is there is kept');
    await vault.deleteSecret('whk_1');
    await vault.deleteSecret('whk_1');
    t.equal(await vault.getSecret('whk_1'), undefined);
  });

  await check('many that keep a secret under one name at once agree on it', async (t, vault) => {
    const offered = ['one', 'two', 'three', 'four'];
    const kept = await Promise.all(offered.map((secret) => vault.keepSecret('whk_1', secret)));
    t.equal(new Set([...kept, await vault.getSecret('whk_1')]).size, 1);
  });
}
