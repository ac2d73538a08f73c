import { defineEvent, type RecordedEvent } from '@agentcal/shared/kernel/event';
import { createMemoryVault } from '@agentcal/shared/vault/memory';
import { SealedText } from '@agentcal/shared/vault/schema';
import t from 'tap';
import { Type } from 'typebox';
import { createPrepare, storedTypes } from './prepare.ts';

const Invited = defineEvent('party.invited.v2', Type.Object({ guest: SealedText, at: Type.String() }), {
  'party.invited.v1': (data: { guest: never }) => ({ ...data, at: 'home' }),
});
const definitions = [Invited];
const subject = (id: string) => ({ scope: 'acct_1', kind: 'attendee', id }) as const;
const stored = (type: string, data: object) => ({ type, data }) as RecordedEvent;

t.test('events come in their newest shape with personal data opened, and null where it was erased', async (t) => {
  const vault = createMemoryVault();
  const mia = await vault.seal(subject('mia'), { name: 'Mia' });
  const bob = await vault.seal(subject('bob'), { name: 'Bob' });
  await vault.erase(subject('bob'));
  const prepare = createPrepare({ definitions, opensPersonalData: true }, vault);
  const events = [
    stored('party.invited.v1', { guest: mia }),
    stored('party.invited.v2', { guest: bob, at: 'the bar', list: [{ guest: mia }, null, 7] }),
    stored('party.over.v1', {}),
  ];
  t.match(await prepare(events), [
    { type: 'party.invited.v2', data: { guest: { name: 'Mia' }, at: 'home' } },
    { type: 'party.invited.v2', data: { guest: null, at: 'the bar', list: [{ guest: { name: 'Mia' } }, null, 7] } },
    { type: 'party.over.v1', data: {} },
  ]);
});

t.test('who does not ask for it never sees personal data', async (t) => {
  const vault = createMemoryVault();
  const guest = await vault.seal(subject('mia'), { name: 'Mia' });
  const prepare = createPrepare({ definitions, opensPersonalData: false }, vault);
  t.same(await prepare([stored('party.invited.v2', { guest, at: 'home' })]), [
    { type: 'party.invited.v2', data: { guest, at: 'home' } },
  ]);
});

t.test('older names of a type are read from the log too', async (t) => {
  t.same(storedTypes({ definitions, types: ['party.invited.v2'] }), ['party.invited.v2', 'party.invited.v1']);
  t.same(storedTypes({ definitions, types: [] }), []);
});
