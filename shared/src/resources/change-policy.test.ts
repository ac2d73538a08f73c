import t from 'tap';
import { minute } from '../kernel/time.ts';
import { judgeChange } from './change-policy.ts';

const start = Date.parse('2030-05-01T10:00:00Z');
const asked = (noticeMinutes: number, side: 'attendee' | 'host' = 'attendee') => ({
  side,
  start,
  at: start - noticeMinutes * minute,
});

t.test('without a word about it, both sides may until the start', async (t) => {
  t.equal(judgeChange({}, asked(0)), undefined);
  t.equal(judgeChange({}, asked(0, 'host')), undefined);
  t.equal(judgeChange({}, asked(-1)), 'too_late_to_change');
});

t.test('notice is kept to the minute', async (t) => {
  t.equal(judgeChange({ min_notice_minutes: 60 }, asked(60)), undefined);
  t.equal(judgeChange({ min_notice_minutes: 60 }, asked(59)), 'too_late_to_change');
});

t.test('a side that is not named may not, however early', async (t) => {
  t.equal(judgeChange({ by: ['host'] }, asked(10_000)), 'change_not_allowed');
  t.equal(judgeChange({ by: ['host'] }, asked(10_000, 'host')), undefined);
  t.equal(judgeChange({ by: [] }, asked(10_000, 'host')), 'change_not_allowed');
});
