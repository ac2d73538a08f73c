import type { FieldFault } from '../kernel/refusal.ts';
import { dayOfDate } from './dates.ts';
import type { Limit, Schedule, Terms } from './model.ts';
import { wallMinutes } from './plan.ts';
import { isTimeZone } from './zone.ts';

/**
 * What a schema cannot say about a schedule. Asked when one is set, so that the engine never meets such a schedule
 * and never has to drop a window silently. Pointers are relative to the schedule.
 */
export function checkSchedule(schedule: Schedule): FieldFault[] {
  return [
    ...zoneFaults(schedule.timezone, '/timezone'),
    ...schedule.rules.flatMap((rule, i) => windowFaults(rule, `/rules/${i}`)),
    ...overrideFaults(schedule.overrides ?? []),
    ...travelFaults(schedule.travel ?? []),
  ];
}

function overrideFaults(overrides: NonNullable<Schedule['overrides']>): FieldFault[] {
  const seen = new Set<string>();
  return overrides.flatMap(({ date, windows }, i) => {
    const at = `/overrides/${i}`;
    const faults = dateFaults(date, `${at}/date`);
    if (seen.has(date)) faults.push({ pointer: `${at}/date`, detail: `There is already an override for ${date}` });
    seen.add(date);
    return [...faults, ...windows.flatMap((window, j) => windowFaults(window, `${at}/windows/${j}`))];
  });
}

function travelFaults(travel: NonNullable<Schedule['travel']>): FieldFault[] {
  return travel.flatMap((trip, i) => {
    const at = `/travel/${i}`;
    const faults = [
      ...zoneFaults(trip.timezone, `${at}/timezone`),
      ...dateFaults(trip.start_date, `${at}/start_date`),
      ...dateFaults(trip.end_date, `${at}/end_date`),
    ];
    if (trip.end_date < trip.start_date) {
      faults.push({ pointer: `${at}/end_date`, detail: 'The end of a trip is not before its start' });
    }
    const overlap = travel.slice(0, i).find((other) => {
      return other.start_date <= trip.end_date && trip.start_date <= other.end_date;
    });
    if (overlap) {
      faults.push({ pointer: at, detail: `Overlaps the trip that starts on ${overlap.start_date}` });
    }
    return faults;
  });
}

function windowFaults(window: { start_time: string; end_time: string }, at: string): FieldFault[] {
  if (wallMinutes(window.end_time) > wallMinutes(window.start_time)) return [];
  return [
    {
      pointer: `${at}/end_time`,
      detail: `A window ends after it starts, by 24:00; split ${window.start_time}–${window.end_time} at midnight`,
    },
  ];
}

function zoneFaults(name: string, pointer: string): FieldFault[] {
  return isTimeZone(name) ? [] : [{ pointer, detail: 'Not an IANA time zone, such as America/New_York' }];
}

function dateFaults(date: string, pointer: string): FieldFault[] {
  return Number.isNaN(dayOfDate(date)) ? [{ pointer, detail: 'Not a date of the calendar, YYYY-MM-DD' }] : [];
}

/** What a schema cannot say about the terms of an event type. Pointers are relative to the terms. */
export function checkTerms(terms: Terms): FieldFault[] {
  const faults: FieldFault[] = [];
  if (terms.durations && !terms.durations.includes(terms.duration_minutes)) {
    faults.push({ pointer: '/durations', detail: 'Holds duration_minutes too' });
  }
  return [...faults, ...checkLimits(terms.limits ?? []), ...bookingWindowFaults(terms.booking_window)];
}

/** What a schema cannot say about limits, an event type's or a user's. Pointers are relative to whose they are. */
export function checkLimits(limits: readonly Limit[]): FieldFault[] {
  return limits.flatMap(({ count, minutes }, i) => {
    if (count !== undefined || minutes !== undefined) return [];
    return [{ pointer: `/limits/${i}`, detail: 'A limit has a count, minutes or both' }];
  });
}

function bookingWindowFaults(window: Terms['booking_window']): FieldFault[] {
  if (window?.type !== 'range') return [];
  const faults = [
    ...dateFaults(window.start_date, '/booking_window/start_date'),
    ...dateFaults(window.end_date, '/booking_window/end_date'),
  ];
  if (window.end_date < window.start_date) {
    faults.push({ pointer: '/booking_window/end_date', detail: 'The end is not before the start' });
  }
  return faults;
}
