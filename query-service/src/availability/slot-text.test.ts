import { minute, toIso } from '@agentcal/shared/kernel/time';
import { toLocalIso, weekdayOf } from '@agentcal/shared/scheduling/zone';
import fc from 'fast-check';
import t from 'tap';
import { slotsToJson } from './slot-text.ts';

t.test('slots as text are what they would be as objects', async (t) => {
  const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu'];
  const starts = fc.array(
    fc.integer({ min: 0, max: 70 * 365 * 1_440 }).map((minutes) => minutes * minute),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(starts, fc.integer({ min: 1, max: 1_440 }), fc.constantFrom(...zones), (starts, duration, zone) => {
      const expected = starts.map((start) => ({
        start_time: toIso(start),
        end_time: toIso(start + duration * minute),
        local_start: toLocalIso(start, zone),
        weekday: weekdayOf(start, zone),
        user_ids: ['user_1'],
        slot_id: `slot_${start}`,
      }));
      const common = '"user_ids":["user_1"],"slot_id":"slot_';
      const offers = { common, restOf: (place: number) => `${starts[place]}"}` };
      t.same(JSON.parse(slotsToJson(starts, duration, zone, offers)), expected);
    }),
  );
});
