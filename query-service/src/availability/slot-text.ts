import { type Instant, minute } from '@agentcal/shared/kernel/time';
import { dateOfDay, weekdayOfDay } from '@agentcal/shared/scheduling/dates';
import { type Zone, zoneOf } from '@agentcal/shared/scheduling/zone';

const msPerDay = 86_400_000;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const clock = Array.from({ length: 1440 }, (_, at) => `${two(Math.floor(at / 60))}:${two(at % 60)}:00`);

/**
 * Slots as JSON text. Hundreds of them make up an answer, each with three times in it: written one after the other, with
 * what neighbours share written once, this costs less than any of the ways around objects.
 */
export function slotsToJson(
  starts: readonly Instant[],
  durationMinutes: number,
  timezone: string,
  userIds: readonly string[],
): string {
  const utc = new DayText();
  const utcEnd = new DayText();
  const local = new LocalText(zoneOf(timezone));
  const users = `","user_ids":${JSON.stringify(userIds)}}`;
  const durationMs = durationMinutes * minute;
  let json = '[';
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i]!;
    if (i > 0) json += ',';
    json += `{"start_time":"${utc.at(start)}Z","end_time":"${utcEnd.at(start + durationMs)}Z",`;
    json += `"local_start":"${local.at(start)}","weekday":"${local.weekday}${users}`;
  }
  return `${json}]`;
}

/** Whole minutes as `2026-11-24T14:00:00`. */
class DayText {
  #day = Number.NaN;
  #date = '';

  at(instant: Instant): string {
    const day = Math.floor(instant / msPerDay);
    if (day !== this.#day) {
      this.#day = day;
      this.#date = `${dateOfDay(day)}T`;
    }
    return this.#date + clock[(instant - day * msPerDay) / minute]!;
  }

  get day(): number {
    return this.#day;
  }
}

/** Whole minutes as a zone shows them, with its offset. */
class LocalText {
  readonly #zone: Zone;
  readonly #wall = new DayText();
  #offset = Number.NaN;
  #suffix = '';
  weekday = '';

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  at(instant: Instant): string {
    const offset = this.#zone.offsetAt(instant);
    if (offset !== this.#offset) {
      this.#offset = offset;
      this.#suffix = suffixOf(offset);
    }
    const before = this.#wall.day;
    const text = this.#wall.at(Math.floor((instant + offset) / minute) * minute) + this.#suffix;
    if (this.#wall.day !== before) this.weekday = weekdays[weekdayOfDay(this.#wall.day)]!;
    return text;
  }
}

function suffixOf(offsetMs: number): string {
  const minutes = Math.abs(Math.trunc(offsetMs / minute));
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
