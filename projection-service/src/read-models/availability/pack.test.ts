import { minute } from '@agentcal/shared/kernel/time';
import fc from 'fast-check';
import t from 'tap';
import {
  blocked,
  type PackableClaim,
  type PackedClaims,
  spanMs,
  spansOf,
  unpackBusy,
  unpackClaims,
  withBusy,
  withClaim,
  withoutClaim,
} from './pack.ts';

const span = 740;
const from = span * spanMs;

const claim = fc
  .record({
    eventTypeId: fc.constantFrom('evt_a', 'evt_b'),
    start: fc.integer({ min: from - 2 * spanMs, max: from + 2 * spanMs }),
    length: fc.integer({ min: 1, max: 1_440 }),
    before: fc.integer({ min: 0, max: 14_400 }),
    after: fc.integer({ min: 0, max: 14_400 }),
    expiresAt: fc.option(fc.integer({ min: 1, max: from + spanMs })),
    seatsTaken: fc.option(fc.integer({ min: 0, max: 9 })),
  })
  .map(
    ({ start, length, before, after, ...rest }): PackableClaim => ({
      ...rest,
      start,
      end: start + length * minute,
      bufferBeforeMs: before * minute,
      bufferAfterMs: after * minute,
    }),
  );

t.test('claims come out of the spans as they went in, once each', async (t) => {
  fc.assert(
    fc.property(fc.array(claim, { maxLength: 20 }), (claims) => {
      const spans = new Map<number, PackedClaims>();
      for (const one of claims) {
        for (const at of spansOf(blocked(one))) spans.set(at, withClaim(spans.get(at) ?? {}, at, one));
      }
      const first = Math.min(...spans.keys());
      const found = [...spans].flatMap(([at, packed]) => unpackClaims(packed, at, at === first));
      t.same(found.map(comparable).sort(), claims.map(unpacked).map(comparable).sort());
    }),
  );
});

t.test('taking a claim out again leaves the same text as if it had never been there', async (t) => {
  fc.assert(
    fc.property(fc.array(claim, { maxLength: 20 }), claim, (claims, extra) => {
      const packed = claims.reduce<PackedClaims>((all, one) => withClaim(all, span, one), {});
      const shuffled = [extra, ...claims.toReversed()].reduce<PackedClaims>(
        (all, one) => withClaim(all, span, one),
        {},
      );
      t.equal(JSON.stringify(withoutClaim(shuffled, span, extra)), JSON.stringify(packed));
    }),
  );
});

t.test('busy time of a window replaces exactly that window', async (t) => {
  const minutes = fc.integer({ min: 0, max: 28 * 1_440 });
  const interval = fc
    .tuple(minutes, minutes)
    .map(([a, b]) => ({ start: from + Math.min(a, b) * minute, end: from + Math.max(a, b) * minute }));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(interval, fc.array(interval, { maxLength: 5 })), { maxLength: 6 }),
      minutes,
      (said, at) => {
        const instant = from + at * minute;
        const covers = ({ start, end }: { start: number; end: number }) => start <= instant && instant < end;
        const last = said.findLast(([window]) => covers(window));
        const expected = last?.[1].some(covers) ?? false;
        const packed = said.reduce((all, [window, busy]) => withBusy(all, span, 'source', window, sorted(busy)), {});
        t.equal(unpackBusy(packed, span).some(covers), expected);
      },
    ),
  );
});

function sorted<T extends { start: number }>(intervals: readonly T[]): T[] {
  return intervals.toSorted((a, b) => a.start - b.start);
}

function unpacked({ expiresAt, seatsTaken, ...one }: PackableClaim) {
  return { ...one, ...(expiresAt !== null && { expiresAt }), ...(seatsTaken !== null && { seatsTaken }) };
}

/** Without the id, fields in a fixed order. */
function comparable(one: object): string {
  const fields = Object.entries(one).filter(([name]) => name !== 'id');
  return JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}
