import t from 'tap';
import { at } from './samples.ts';
import { oddZones } from './worlds.ts';
import { isTimeZone, toLocalIso, weekdayOf, zoneOf } from './zone.ts';

/** Facts of the time zone database that have caught others out, and both directions against Temporal. */

t.comment(`tzdata ${process.versions.tz}`);

t.test('what a clock shows from the moment of a transition on', async (t) => {
  const facts: [zone: string, instant: string, local: string][] = [
    ['America/New_York', '2026-03-08T07:00Z', '2026-03-08T03:00:00-04:00'],
    ['America/New_York', '2026-11-01T06:00Z', '2026-11-01T01:00:00-05:00'],
    ['Europe/London', '2026-03-29T01:00Z', '2026-03-29T02:00:00+01:00'],
    ['Europe/London', '2026-10-25T01:00Z', '2026-10-25T01:00:00+00:00'],
    ['Europe/Dublin', '2026-03-29T01:00Z', '2026-03-29T02:00:00+01:00'],
    ['Australia/Lord_Howe', '2026-04-04T15:00Z', '2026-04-05T01:30:00+10:30'],
    ['Australia/Lord_Howe', '2026-10-03T15:30Z', '2026-10-04T02:30:00+11:00'],
    ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-31T00:00:00+14:00'],
    ['Pacific/Apia', '2026-07-01T00:00Z', '2026-07-01T13:00:00+13:00'],
    ['Africa/Casablanca', '2026-02-15T02:00Z', '2026-02-15T02:00:00+00:00'],
    ['Africa/Casablanca', '2026-03-22T02:00Z', '2026-03-22T03:00:00+01:00'],
    ['Africa/Casablanca', '2026-09-20T01:00Z', '2026-09-20T01:00:00+00:00'],
    ['Africa/El_Aaiun', '2027-07-01T00:00Z', '2027-07-01T00:00:00+00:00'],
    ['America/Sao_Paulo', '2018-11-04T03:00Z', '2018-11-04T01:00:00-02:00'],
    ['America/Sao_Paulo', '2019-02-17T02:00Z', '2019-02-16T23:00:00-03:00'],
    ['America/Sao_Paulo', '2026-12-01T00:00Z', '2026-11-30T21:00:00-03:00'],
    ['Asia/Gaza', '2026-03-28T00:00Z', '2026-03-28T03:00:00+03:00'],
    ['Asia/Gaza', '2026-10-23T23:00Z', '2026-10-24T01:00:00+02:00'],
    ['Africa/Cairo', '2026-04-23T22:00Z', '2026-04-24T01:00:00+03:00'],
    ['Africa/Cairo', '2026-10-29T21:00Z', '2026-10-29T23:00:00+02:00'],
    ['Asia/Beirut', '2026-03-28T22:00Z', '2026-03-29T01:00:00+03:00'],
    ['Asia/Beirut', '2026-10-24T21:00Z', '2026-10-24T23:00:00+02:00'],
    ['America/Vancouver', '2026-11-01T09:00Z', '2026-11-01T02:00:00-07:00'],
    ['America/Edmonton', '2026-11-01T08:00Z', '2026-11-01T02:00:00-06:00'],
    ['Europe/Chisinau', '2026-03-29T00:30Z', '2026-03-29T02:30:00+02:00'],
    ['America/Asuncion', '2026-07-01T00:00Z', '2026-06-30T21:00:00-03:00'],
    ['Asia/Amman', '2026-01-01T00:00Z', '2026-01-01T03:00:00+03:00'],
    ['America/Mexico_City', '2026-07-01T00:00Z', '2026-06-30T18:00:00-06:00'],
    ['Asia/Almaty', '2024-02-29T18:00Z', '2024-02-29T23:00:00+05:00'],
    ['Pacific/Chatham', '2026-09-26T14:00Z', '2026-09-27T03:45:00+13:45'],
    ['Antarctica/Troll', '2026-03-29T01:00Z', '2026-03-29T03:00:00+02:00'],
    ['Asia/Kathmandu', '2026-01-01T00:00Z', '2026-01-01T05:45:00+05:45'],
  ];
  for (const [zone, instant, local] of facts) t.equal(toLocalIso(at(instant), zone), local, `${zone} ${instant}`);
  t.equal(toLocalIso(at('2026-01-01T00:00:00.120Z'), 'UTC'), '2026-01-01T00:00:00.120+00:00');
  t.equal(weekdayOf(at('2026-03-08T04:59Z'), 'America/New_York'), 'Saturday');
});

t.test('wall to instant is "compatible" around every transition', async (t) => {
  let checked = 0;
  for (const name of [...oddZones, 'America/Winnipeg', 'Africa/Monrovia', 'Asia/Pyongyang']) {
    const zone = zoneOf(name);
    for (let next = zone.transitionAfter(0); next !== Number.POSITIVE_INFINITY; next = zone.transitionAfter(next)) {
      for (const offset of [zone.offsetAt(next - 1), zone.offsetAt(next)]) {
        for (const by of [-90, -60, -30, -1, 0, 1, 29, 30, 59, 60, 90, 1439]) {
          checked += compare(name, next + offset + by * 60_000);
        }
      }
    }
    for (let year = 1900; year < 2200; year += 7) checked += compare(name, Date.UTC(year, 6, 1, 2, 30));
  }
  t.ok(checked > 20_000, `${checked} wall times`);
});

/** Throws where the table and Temporal differ: one assertion for each of so many would only be slow. */
function compare(name: string, wall: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime();
  const expected = local.toZonedDateTime(name, { disambiguation: 'compatible' });
  const instant = zoneOf(name).instantOf(wall);
  if (instant !== expected.epochMilliseconds) throw new Error(`${name} ${local}: ${instant}, not ${expected}`);
  if (zoneOf(name).offsetAt(instant) !== expected.offsetNanoseconds / 1e6)
    throw new Error(`${name} ${expected}: offset`);
  return 1;
}

t.test('which names are zones', async (t) => {
  for (const name of ['UTC', 'utc', 'Europe/Berlin', 'europe/berlin', 'Asia/Calcutta', 'Etc/GMT+5']) {
    t.ok(isTimeZone(name), name);
  }
  for (const name of ['', '+05:30', '-03', 'Z', 'Berlin', 'Europe/Berlin ', 'Europe/Berlin[u-ca=iso8601]', 'GMT+5']) {
    t.notOk(isTimeZone(name), name);
  }
  t.throws(() => zoneOf('Mars/Olympus'), RangeError);
  t.equal(zoneOf('america/NEW_YORK'), zoneOf('America/New_York'));
});

t.test('a day without a beginning, and one that never was', async (t) => {
  t.equal(zoneOf('America/Sao_Paulo').startOfDay(17_839), at('2018-11-04T03:00Z'));
  const apia = zoneOf('Pacific/Apia');
  t.equal(apia.startOfDay(15_338), apia.startOfDay(15_339), '30 December 2011 begins where the 31st does');
});
