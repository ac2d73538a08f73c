import { findSlots } from '@agentcal/shared/scheduling/slots';
import { findTeamSlots } from '@agentcal/shared/scheduling/team';
import type { Figure } from './report.ts';
import { startsByDate } from './slot-dates.ts';
import { fromObjects, type Packed, pack, sweep } from './slot-floors.ts';
import { benchTerms, slotWorkload, type Workload } from './slot-workloads.ts';

/** One workload in ms of processor time per call, median, and as ratios to the floors measured in the same run. */
export interface SlotFigures {
  readonly workload: string;
  readonly what: string;
  readonly slots: number;
  /** Objects in, instants out: what the product calls. */
  readonly engineMs: number;
  /** Objects in, ISO texts by date out: what floor B does. */
  readonly engineWithTextsMs: number;
  readonly floorAMs: number;
  readonly floorBMs: number;
  readonly engineToFloorA: number;
  readonly engineToFloorB: number;
}

export interface Growth {
  readonly what: string;
  /** Cost at 1, 2, 4 and 8 times the size, in ms. */
  readonly ms: readonly number[];
}

/** The part of the benchmark: each workload against both floors, then how the cost grows. */
export async function* slotFigures(): AsyncIterable<Figure> {
  for (const one of measureSlots()) {
    const what = `slots ${one.workload}: ${one.what}`;
    yield {
      what: `${what}, instants`,
      value: us(one.engineMs),
      floor: `sweep of packed, sorted typed arrays (floor A): ${us(one.floorAMs)}`,
      ratio: one.engineToFloorA,
      aim: '≤ 3',
    };
    yield {
      what: `${what}, texts by date`,
      value: us(one.engineWithTextsMs),
      floor: `the same from unsorted objects to texts (floor B): ${us(one.floorBMs)}`,
      ratio: one.engineToFloorB,
      aim: '≤ 3',
    };
  }
  for (const { what, ms } of measureGrowth()) {
    const doublings = ms.slice(1).map((cost, i) => `x${(cost / ms[i]!).toFixed(2)}`);
    yield {
      what: `slots, cost at 1, 2, 4 and 8 times the ${what}`,
      value: `${ms.map(us).join(', ')} (${doublings.join(', ')})`,
      floor: `eight times the first of these: ${us(8 * ms[0]!)}`,
      ratio: ms.at(-1)! / (8 * ms[0]!),
      aim: '≤ 1.25, linear is 1',
    };
  }
}

/** W1 to W5 beside their floors. Takes about ten seconds. */
export function measureSlots(): SlotFigures[] {
  return ([1, 2, 3, 4, 5] as const).map((number) => figures(slotWorkload(number)));
}

/** How the cost grows with busy intervals and with hosts: doubling the size should double it at most. */
export function measureGrowth(): Growth[] {
  const sizes = [1, 2, 4, 8];
  return [
    { what: 'busy intervals (W4)', ms: engineMs(sizes.map((busy) => slotWorkload(4, { busy }))) },
    { what: 'hosts, collective (W3)', ms: engineMs(sizes.map((hosts) => slotWorkload(3, { hosts }))) },
    { what: 'hosts, round robin (W5)', ms: engineMs(sizes.map((hosts) => slotWorkload(5, { hosts }))) },
  ];
}

function figures(workload: Workload): SlotFigures {
  const packed = pack(workload);
  const out = new Int32Array(100_000);
  const minutes = starts(workload).map((start) => start / 60_000);
  agree(minutes, packed, out, workload);
  const rounds = alternate([
    () => starts(workload),
    () => withTexts(workload),
    () => sweep(packed, out),
    () => fromObjects(workload, out),
  ]);
  const [engineMs, engineWithTextsMs, floorAMs, floorBMs] = rounds as [number, number, number, number];
  return {
    workload: workload.name,
    what: workload.what,
    slots: minutes.length,
    engineMs,
    engineWithTextsMs,
    floorAMs,
    floorBMs,
    engineToFloorA: engineMs / floorAMs,
    engineToFloorB: engineWithTextsMs / floorBMs,
  };
}

function starts({ hosts, assignment, from, to }: Workload): number[] {
  const query = { terms: benchTerms, eventTypeId: 'evt_bench', now: from, from, to };
  if (assignment === 'single') return findSlots({ ...query, host: hosts[0]! }).starts;
  return findTeamSlots({ ...query, assignment, hosts: hosts.map((calendar) => ({ calendar })) }).starts;
}

function withTexts(workload: Workload) {
  const found = starts(workload);
  for (let i = 0; i < found.length; i++) found[i]! /= 60_000;
  return startsByDate(found, found.length);
}

/** A floor that answers something else would be no floor. */
function agree(minutes: readonly number[], packed: Packed, out: Int32Array, { name }: Workload): void {
  const count = sweep(packed, out);
  const same = count === minutes.length && minutes.every((minute, i) => minute === out[i]);
  if (!same) throw new Error(`${name}: the engine and the floor answer differently`);
}

function engineMs(workloads: readonly Workload[]): number[] {
  return alternate(workloads.map((workload) => () => starts(workload)));
}

/**
 * Medians of rounds in which the candidates take turns, in ms of this thread's processor time, so that whatever else
 * the machine does meets all alike and counts for none.
 */
function alternate(candidates: readonly (() => unknown)[]): number[] {
  const repeats = candidates.map((candidate) => {
    let calls = 0;
    let usedMs = 0;
    // By the processor's time here too: on a busy machine little of it passes while the clock goes on.
    for (let batch = 1; usedMs < warmUpMs; batch *= 2) {
      usedMs += processorMs(() => repeat(candidate, batch));
      calls += batch;
    }
    return Math.ceil((calls * roundMs) / usedMs);
  });
  const rounds = candidates.map((): number[] => []);
  for (let round = 0; round < 9; round++) {
    candidates.forEach((candidate, i) => {
      rounds[i]!.push(processorMs(() => repeat(candidate, repeats[i]!)) / repeats[i]!);
    });
  }
  return rounds.map((times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!);
}

const warmUpMs = 200;
/** Long beside the steps in which the kernel counts processor time. */
const roundMs = 60;

function repeat(candidate: () => unknown, times: number): void {
  for (let i = 0; i < times; i++) candidate();
}

function processorMs(work: () => void): number {
  const begun = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000;
}

function us(ms: number): string {
  return `${(ms * 1000).toPrecision(3)} us`;
}
