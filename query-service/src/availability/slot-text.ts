import { type Instant, minute } from '@agentcal/shared/kernel/time';
import { type Day, dateOfDay, weekdayOfDay } from '@agentcal/shared/scheduling/dates';
import { zoneOf } from '@agentcal/shared/scheduling/zone';
import type { Offers } from './offers.ts';

const msPerDay = 86_400_000;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const clock = Array.from({ length: 1440 }, (_, at) => `${two(Math.floor(at / 60))}:${two(at % 60)}:00`);

/**
 * Slots as JSON text. Hundreds of them make up an answer, each with three times in it, and most of a slot's text is its
 * neighbour's too. So what stands between the clock times is made once a day, and a slot is a few pieces joined. Strings
 * that grow are the fastest of what was tried: objects and a serialiser, arrays that are joined, bytes that are copied.
 */
export function slotsToJson(
  starts: readonly Instant[],
  durationMinutes: number,
  timezone: string,
  { common, restOf }: Offers,
): string {
  const zone = zoneOf(timezone);
  let days: SlotDays = { start: Number.NaN, end: Number.NaN, wall: Number.NaN, offsetMs: Number.NaN };
  let text = textBetween(days, common);
  let json = '[';
  for (let i = 0; i < starts.length; i++) {
    const at = starts[i]!;
    const until = at + durationMinutes * minute;
    const offsetMs = zone.offsetAt(at);
    const shown = at + offsetMs;
    const start = Math.floor(at / msPerDay);
    const end = Math.floor(until / msPerDay);
    const wall = Math.floor(shown / msPerDay);
    if (start !== days.start || end !== days.end || wall !== days.wall || offsetMs !== days.offsetMs) {
      days = { start, end, wall, offsetMs };
      text = textBetween(days, common);
    }
    if (i > 0) json += ',';
    json +=
      text.beforeStart +
      clockOf(at, start) +
      text.beforeEnd +
      clockOf(until, end) +
      text.beforeLocal +
      clockOf(shown, wall) +
      text.afterLocal +
      restOf(i);
  }
  return `${json}]`;
}

/** The days that a slot begins and ends on, and the one that its zone shows. */
interface SlotDays {
  readonly start: Day;
  readonly end: Day;
  readonly wall: Day;
  readonly offsetMs: number;
}

/** What stands around the clock times of every slot on these days. */
function textBetween({ start, end, wall, offsetMs }: SlotDays, common: string) {
  return {
    beforeStart: `{"start_time":"${dateText(start)}T`,
    beforeEnd: `Z","end_time":"${dateText(end)}T`,
    beforeLocal: `Z","local_start":"${dateText(wall)}T`,
    afterLocal: `${offsetText(offsetMs)}","weekday":"${weekdays[weekdayOfDay(wall)]}",${common}`,
  };
}

/** Starts are whole minutes; of an offset that is not, the rest is not shown. */
function clockOf(at: number, day: Day): string {
  return clock[Math.floor((at - day * msPerDay) / minute)]!;
}

const dates = new Map<Day, string>();

function dateText(day: Day): string {
  const known = dates.get(day);
  if (known !== undefined || Number.isNaN(day)) return known ?? '';
  if (dates.size > 4_000) dates.clear();
  const text = dateOfDay(day);
  dates.set(day, text);
  return text;
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(Math.trunc(offsetMs / minute));
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
