/** Starts as an answer would show them: UTC texts under their local date. Shared by the floor and the engine's measure. */
export type DatedStarts = Record<string, { time: string }[]>;

/** Daylight saving time begins in New York, the zone of all workloads. */
const transition = Date.parse('2030-03-10T07:00Z') / 60_000;

export function startsByDate(minutes: ArrayLike<number>, count: number): DatedStarts {
  const dates: DatedStarts = {};
  let localDay = -1;
  let utcDay = -1;
  let prefix = '';
  let list: { time: string }[] = [];
  for (let i = 0; i < count; i++) {
    const minute = minutes[i]!;
    const local = Math.floor((minute - (minute < transition ? 300 : 240)) / 1440);
    if (local !== localDay) {
      localDay = local;
      list = [];
      dates[dateText(local)] = list;
    }
    const day = Math.floor(minute / 1440);
    if (day !== utcDay) {
      utcDay = day;
      prefix = `${dateText(day)}T`;
    }
    list.push({ time: `${prefix}${times[minute - day * 1440]}` });
  }
  return dates;
}

function dateText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

const two = (number: number) => String(number).padStart(2, '0');
const times = Array.from(
  { length: 1440 },
  (_, minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}:00.000Z`,
);
