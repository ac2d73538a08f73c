import fc from 'fast-check';
import t from 'tap';
import { judgeStart } from './judge.ts';
import { keptWorlds } from './kept-worlds.ts';
import { Reference } from './reference.ts';
import { findSlots } from './slots.ts';
import { type World, world } from './worlds.ts';

/** The engine against the minute-by-minute reference. `SEED=… WORLDS=…` repeat a run or make it longer. */

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const worlds = Number(process.env.WORLDS ?? 10_000);

// About thirty seconds of a core; more by the clock where others want it too.
t.setTimeout(600_000);

t.test(`list and judge agree with the reference on ${worlds} random worlds (SEED=${seed})`, async (t) => {
  let slots = 0;
  const property = fc.property(world, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), (world, picks) => {
    slots += compare(world, picks);
  });
  const examples = keptWorlds.map((world): [World, number[]] => [world, [0, 1, 2, 3, 4, 5]]);
  const result = fc.check(property, { seed, numRuns: worlds, endOnFailure: false, examples });
  t.notOk(result.failed, `${fc.defaultReportMessage(result)}\n${result.errorInstance}`);
  t.comment(`${slots} slots compared`);
});

function compare({ query, from, to }: World, picks: readonly number[]): number {
  const reference = new Reference(query, from, to);
  const expected = reference.listed(from, to);
  const { starts } = findSlots({ ...query, from: from * 60_000, to: to * 60_000 });
  same(
    starts.map((start) => start / 60_000),
    expected,
    'listed',
  );
  const listed = picks.map((pick) => expected[pick % expected.length] ?? from);
  const any = picks.map((pick) => from + (pick % (to - from)));
  for (const start of [...listed, ...any, ...any.map((start) => Math.round(start / 15) * 15)]) {
    if (start >= from && start < to) {
      same(judgeStart({ ...query, start: start * 60_000 }), reference.verdict(start), `verdict of ${start}`);
    }
  }
  for (const start of listed) {
    if (expected.length > 0)
      same(judgeStart({ ...query, start: start * 60_000 }).ok, true, `listed ${start} is accepted`);
  }
  return expected.length;
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}\n  engine    ${left}\n  reference ${right}`);
}
