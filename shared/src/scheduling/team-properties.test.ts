import fc from 'fast-check';
import t from 'tap';
import { minute } from '../kernel/time.ts';
import { leadOf, type TeamQuery } from './assignment.ts';
import { reachOf } from './reach.ts';
import { findTeamSlots, judgeTeam } from './team.ts';
import { type TeamWorld, teamWorld } from './worlds.ts';

/** What has to hold for several hosts whatever the rules say, on random teams. `SEED=…` repeats a run. */

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const worlds = Number(process.env.WORLDS ?? 400);

function always(name: string, check: (world: TeamWorld, pick: (n: number) => number) => void): void {
  t.test(`${name} (SEED=${seed})`, async (t) => {
    const property = fc.property(teamWorld, fc.infiniteStream(fc.nat()), (world, picks) => {
      check(world, (n) => picks.next().value! % n);
    });
    const result = fc.check(property, { seed, numRuns: worlds });
    t.notOk(result.failed, `${fc.defaultReportMessage(result)}\n${result.errorInstance}`);
  });
}

function list(query: TeamQuery, from: number, to: number): number[] {
  return findTeamSlots({ ...query, from: from * minute, to: to * minute }).starts.map((start) => start / minute);
}

function same(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}

always('an answer in parts is the answer', ({ query, from, to }, pick) => {
  const middle = from + pick(to - from);
  same([...list(query, from, middle), ...list(query, middle, to)], list(query, from, to));
  const limit = 1 + pick(5);
  const first = findTeamSlots({ ...query, from: from * minute, to: to * minute, limit }).starts;
  same(
    first.map((start) => start / minute),
    list(query, from, to).slice(0, limit),
  );
});

always('notice, booking window and limits filter the list and never move it', ({ query, from, to }) => {
  const asked = { ...query, terms: { ...query.terms, first_slot_of_day_only: false } };
  // Where one host is enough each has a list, and only its own rules filter it.
  const teams = leadOf(query) ? [asked] : query.hosts.map((host) => ({ ...asked, hosts: [host] }));
  const expected = teams.flatMap((team) =>
    list(unfiltered(team), from, to).filter((minutes) => judgeTeam({ ...team, start: minutes * minute }).ok),
  );
  same(
    list(asked, from, to),
    [...new Set(expected)].sort((a, b) => a - b),
  );
});

function unfiltered(query: TeamQuery): TeamQuery {
  const { booking_window, limits, ...terms } = query.terms;
  const hosts = query.hosts.map(({ calendar: { limits, ...calendar }, ...host }) => ({ ...host, calendar }));
  return { ...query, hosts, terms: { ...terms, min_notice_minutes: 0 } };
}

always('every listed start is accepted, with the hosts that were named', ({ query, from, to }) => {
  const { starts, hostsAt } = findTeamSlots({ ...query, from: from * minute, to: to * minute });
  for (const start of starts.slice(0, 40)) {
    const verdict = judgeTeam({ ...query, start });
    same(verdict.ok && verdict.hosts, hostsAt(start));
  }
});

always('what lies beyond the reach of a question changes no answer', ({ query, from, to }) => {
  const hosts = query.hosts.map(({ calendar, ...host }) => {
    const { limits = [] } = calendar;
    const { blocking, counted } = reachOf({ ...query, limits }, { from: from * minute, to: to * minute });
    const near = ({ start, end }: { start: number; end: number }) => start < blocking.to && end > blocking.from;
    const claims = calendar.claims.filter(({ start, end, bufferBeforeMs, bufferAfterMs }) => {
      const isCounted = start >= counted.from && start < counted.to;
      return isCounted || near({ start: start - bufferBeforeMs, end: end + bufferAfterMs });
    });
    return {
      ...host,
      calendar: { ...calendar, away: calendar.away.filter(near), busy: calendar.busy.filter(near), claims },
    };
  });
  same(list({ ...query, hosts }, from, to), list(query, from, to));
});
