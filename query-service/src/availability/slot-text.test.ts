import { endingLength } from '@agentcal/shared/http/slot-token';
import { minute, toIso } from '@agentcal/shared/kernel/time';
import { toLocalIso, weekdayOf } from '@agentcal/shared/scheduling/zone';
import fc from 'fast-check';
import t from 'tap';
import { toBytes } from './json.ts';
import { slotsToJson } from './slot-text.ts';

t.test('slots as text are what they would be as objects', async (t) => {
  const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu'];
  const scattered = fc.array(fc.integer({ min: 0, max: 70 * 365 * 1_440 }), { maxLength: 30 });
  const inTurn = fc
    .tuple(fc.integer({ min: 0, max: 70 * 365 * 1_440 }), fc.integer({ min: 1, max: 700 }))
    .map(([first, step]) => Array.from({ length: 30 }, (_, n) => first + n * step));
  const hosts = fc.array(fc.constantFrom(['user_1'], ['user_1', 'user_22'], []), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.oneof(scattered, inTurn).map((minutes) => minutes.map((at) => at * minute)),
      fc.integer({ min: 1, max: 1_440 }),
      fc.constantFrom(...zones),
      hosts,
      (starts, duration, zone, hosts) => {
        const usersOf = (place: number) => hosts[Math.floor(place / 4) % hosts.length]!;
        const endingOf = (place: number) => String(starts[place]).padStart(endingLength, '0');
        const expected = starts.map((start, place) => ({
          start_time: toIso(start),
          end_time: toIso(start + duration * minute),
          local_start: toLocalIso(start, zone),
          weekday: weekdayOf(start, zone),
          user_ids: usersOf(place),
          slot_id: `slot_${endingOf(place)}`,
        }));
        const offers = {
          commonOf: (place: number) => `"user_ids":${JSON.stringify(usersOf(place))},"slot_id":"slot_`,
          writeEnding: (place: number, into: Uint8Array, at: number) => into.set(Buffer.from(endingOf(place)), at),
        };
        const bytes = toBytes(['{"data":', slotsToJson(starts, duration, zone, offers), ',"é":1}']);
        t.same(JSON.parse(`${bytes}`), { data: expected, é: 1 });
      },
    ),
  );
});
