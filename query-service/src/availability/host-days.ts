import { Refusal } from '@agentcal/shared/kernel/refusal';
import { day, type Interval } from '@agentcal/shared/kernel/time';

/**
 * So many days of calendars are looked at for one answer: twenty hosts for a year, two hundred for five weeks. That is some
 * tens of milliseconds, in which nobody else is answered.
 */
export const mostHostDays = 8_000;

/** For how long, in ms, the calendars of so many hosts may be looked at together. */
export function longestFor(hosts: number): number {
  return Math.floor(mostHostDays / Math.max(1, hosts)) * day;
}

/** @throws {Refusal} `range_too_long` */
export function requireHostDays(hosts: number, { start, end }: Interval): void {
  const longest = longestFor(hosts);
  if (hosts <= 1 || end - start <= longest) return;
  // What is read is a little more than what was asked for, where that depends on a zone.
  const days = Math.max(1, Math.floor(longest / day) - 2);
  throw new Refusal('range_too_long', `${hosts} hosts can be asked for at most ${days} days at once`);
}
