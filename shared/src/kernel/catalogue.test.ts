import t from 'tap';
import { Type } from 'typebox';
import { createCatalogue, InvalidEvent, UnknownEvent } from './catalogue.ts';
import { defineEvent, type RecordedEvent } from './event.ts';

const Renamed = defineEvent(
  'thing.renamed.v2',
  Type.Object({ name: Type.String(), on: Type.String({ format: 'date' }) }),
  {
    'thing.renamed.v1': ({ title }: { title: string }) => ({ name: title, on: '2026-01-01' }),
  },
);
const catalogue = createCatalogue([Renamed]);

function recorded(type: string, data: unknown): RecordedEvent {
  const place = { streamId: 'thing-1', revision: 3, position: 9n, recordedAt: '2026-01-01T00:00:00Z' };
  return { id: '1', type, data, metadata: {} as RecordedEvent['metadata'], ...place };
}

t.test('an event is checked before it is appended', async (t) => {
  t.doesNotThrow(() => catalogue.check({ type: 'thing.renamed.v2', data: { name: 'Ann', on: '2026-02-28' } }));
  t.throws(() => catalogue.check({ type: 'thing.renamed.v2', data: { name: 'Ann', on: '2026-02-30' } }), InvalidEvent);
  t.throws(() => catalogue.check({ type: 'thing.renamed.v1', data: { title: 'Ann' } }), InvalidEvent, 'an old shape');
  t.throws(() => catalogue.check({ type: 'thing.lost.v1', data: {} }), InvalidEvent, 'not in the catalogue');
});

t.test('what is wrong with an event is told without what it says', async (t) => {
  try {
    catalogue.check({ type: 'thing.renamed.v2', data: { name: ['ann@example.test'], on: '2026-02-28' } });
    t.fail('should have thrown');
  } catch (error) {
    t.match(String(error), /thing\.renamed\.v2 \/name must be string/);
    t.notMatch(String(error), /ann@/);
  }
});

t.test('an event is lifted to its newest shape when it is read', async (t) => {
  const old = recorded('thing.renamed.v1', { title: 'Ann' });
  t.same(catalogue.lift(old), { ...old, type: 'thing.renamed.v2', data: { name: 'Ann', on: '2026-01-01' } });
  const present = recorded('thing.renamed.v2', { name: 'Ann', on: '2026-01-01' });
  t.equal(catalogue.lift(present), present);
  t.throws(() => catalogue.lift(recorded('thing.renamed.v3', {})), UnknownEvent, 'a newer version wrote it');
});

t.test('one name has one definition', async (t) => {
  t.throws(() => createCatalogue([Renamed, defineEvent('thing.renamed.v1', Type.Object({}))]), /two definitions/);
});
