import fc from 'fast-check';
import t from 'tap';
import { minute } from '../kernel/time.ts';
import type { TeamQuery } from './assignment.ts';
import type { Claim } from './model.ts';
import { at, claim, everyDay, host, hours, schedule, span, terms } from './samples.ts';
import { findSequences } from './sequence.ts';
import { judgeTeam } from './team.ts';
import { TeamReference } from './team-reference.ts';
import { type SequenceWorld, sequenceWorld } from './worlds.ts';

const range = { from: at('2026-06-01T00:00Z'), to: at('2026-06-02T00:00Z') };

function part(userId: string, window: string, more: Partial<TeamQuery> = {}, busy: [string, string][] = []): TeamQuery {
  const calendar = host(schedule('UTC', hours(everyDay, window)), {
    userId,
    busy: busy.map(([start, end]) => span(`2026-06-01T${start}Z`, end)),
  });
  return { assignment: 'single', hosts: [{ calendar }], terms: terms(30), eventTypeId: 'evt_a', now: 0, ...more };
}

function found(parts: TeamQuery[], minMinutes: number, maxMinutes: number): string[] {
  return findSequences({ parts, gap: { minMinutes, maxMinutes }, ...range }).map((starts) =>
    starts.map((start) => new Date(start).toISOString().slice(11, 16)).join(' '),
  );
}

t.test('first with A, then with B, within the gap', async (t) => {
  const parts = [part('a', '09:00-11:00'), part('b', '10:00-12:00')];
  t.same(found(parts, 0, 0), ['09:30 10:00', '10:00 10:30', '10:30 11:00']);
  t.same(found(parts, 0, 30), ['09:00 10:00', '09:30 10:00', '10:00 10:30', '10:30 11:00']);
  t.same(found(parts, 60, 60), ['09:00 10:30', '09:30 11:00', '10:00 11:30']);
});

t.test('a first step that leads nowhere is not offered', async (t) => {
  const parts = [
    part('a', '09:00-10:00'),
    part('b', '09:00-12:00', {}, [['10:00', '10:30']]),
    part('c', '09:00-12:00', {}, [['10:00', '11:00']]),
  ];
  t.same(found(parts, 0, 30), ['09:30 10:30 11:00']);
});

t.test('a host of two parts keeps the buffers of both', async (t) => {
  const buffered = terms(30, { buffer_after: 30 });
  t.same(found([part('a', '09:00-11:00', { terms: buffered }), part('a', '09:00-11:00')], 0, 60).slice(0, 1), [
    '09:00 10:00',
  ]);
  const around = [part('a', '09:00-11:00', { terms: terms(30, { buffer_after: 60 }) }), part('b', '09:00-11:00')];
  t.same(found([...around, part('a', '09:00-12:00')], 0, 30).slice(0, 1), ['09:00 09:30 10:30']);
});

t.test('two parts that a limit leaves room for one of are no sequence', async (t) => {
  const limited = (limits: TeamQuery['terms']['limits']) => {
    const one = part('a', '09:00-11:00', { terms: terms(30, { limits: limits! }) });
    return found([one, one], 0, 30).length;
  };
  t.equal(limited([{ per: 'day', count: 1 }]), 0);
  t.equal(limited([{ per: 'day', count: 2 }]), 3);
});

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

t.test(`the same as trying everything (SEED=${seed})`, async (t) => {
  let count = 0;
  const property = fc.property(sequenceWorld, (world) => {
    count += compare(world);
  });
  const result = fc.check(property, { seed, numRuns: Number(process.env.WORLDS ?? 100) });
  t.notOk(result.failed, `${fc.defaultReportMessage(result)}\n${result.errorInstance}`);
  t.comment(`${count} sequences compared`);
});

function compare({ parts, gap, from, to }: SequenceWorld): number {
  const sequences = findSequences({ parts, gap, from: from * minute, to: to * minute });
  for (const sequence of sequences) isBookable(parts, gap, sequence);
  const users = parts.flatMap(({ hosts }) => hosts.map(({ calendar }) => calendar.userId));
  if (new Set(users).size < users.length) return sequences.length;

  const end = to + parts.length * (120 + gap.maxMinutes);
  const references = parts.map((part) => new TeamReference(part, from, end));
  const offered = references.map((reference, i) =>
    i === 0 ? reference.listed(from, to) : reference.offered(from, end),
  );
  const rest = (i: number, after: number): number[] | undefined => {
    if (i === parts.length) return [];
    const ended = after + lengthOf(parts[i - 1]!);
    for (const start of offered[i]!) {
      if (start < ended + gap.minMinutes || start > ended + gap.maxMinutes) continue;
      const further = rest(i + 1, start);
      if (further) return [start, ...further];
    }
    return undefined;
  };
  const expected = offered[0]!.flatMap((first) => {
    const further = rest(1, first);
    return further ? [[first, ...further].map((start) => start * minute)] : [];
  });
  const [engine, reference] = [JSON.stringify(sequences), JSON.stringify(expected)];
  if (engine !== reference) throw new Error(`\n  engine    ${engine}\n  reference ${reference}`);
  return sequences.length;
}

/** Part by part within the gap, and each of them accepted when those before it are booked with all who must be there. */
function isBookable(parts: readonly TeamQuery[], gap: SequenceWorld['gap'], starts: readonly number[]): void {
  const booked = new Map<string, Claim[]>();
  parts.forEach((part, i) => {
    const start = starts[i]!;
    const hosts = part.hosts.map((host) => {
      const { claims, userId } = host.calendar;
      return { ...host, calendar: { ...host.calendar, claims: [...claims, ...(booked.get(userId) ?? [])] } };
    });
    const verdict = judgeTeam({ ...part, hosts, start });
    if (!verdict.ok) throw new Error(`part ${i} of ${starts} is refused: ${verdict.reason}`);
    if (i > 0) {
      const between = (start - starts[i - 1]!) / minute - lengthOf(parts[i - 1]!);
      if (between < gap.minMinutes || between > gap.maxMinutes) throw new Error(`${starts}: ${between} between`);
    }
    if (part.assignment === 'round_robin') return;
    const end = start + lengthOf(part) * minute;
    const { buffer_before, buffer_after } = part.terms;
    const buffers: [number, number] = [buffer_before, buffer_after];
    for (const { calendar } of hosts) {
      const more = claim({ start, end }, { id: `part_${i}`, buffers });
      booked.set(calendar.userId, [...(booked.get(calendar.userId) ?? []), more]);
    }
  });
}

function lengthOf({ durationMinutes, terms }: TeamQuery): number {
  return durationMinutes ?? terms.duration_minutes;
}
