import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { minute, toIso } from '@agentcal/shared/kernel/time';
import t from 'tap';
import {
  type Delivered,
  type History,
  type Invocation,
  type Listed,
  type Outcome,
  type Rule,
  rules,
  type What,
} from './history.ts';
import { judge } from './judge.ts';

/** Histories that are made up: one that is right, and for each rule some that break it. */

const noon = Date.parse('2030-05-02T12:00:00Z');
const start = Date.parse('2030-05-06T10:00:00Z');

type Fields = Readonly<Record<string, unknown>>;

/** Writes down a history as it happens. What is changed afterwards makes it a lie. */
class Story {
  readonly log: RecordedEvent[] = [];
  readonly invocations: Invocation[] = [];
  readonly received: Delivered[] = [];
  readonly listed: Listed[] = [];

  append(commandId: string, type: string, data: Fields, { user = 'a', at = noon } = {}): RecordedEvent {
    const all = { user_id: `user_${user}`, ...data };
    return this.appendTo(`calendar-user_${user}`, commandId, `calendar.${type}`, all, at);
  }

  plan(commandId: string, type: string, data: Fields = {}): RecordedEvent {
    const of = { plan_id: commandId, attempt: 1 };
    return this.appendTo(`scheduling-${commandId}`, commandId, `scheduling.${type}`, { ...of, ...data }, noon);
  }

  appendTo(streamId: string, commandId: string, type: string, data: Fields, at: number): RecordedEvent {
    const before = this.log.filter((event) => event.streamId === streamId);
    const event = {
      id: `event ${this.log.length}`,
      type: `${type}.v1`,
      streamId,
      revision: before.length,
      position: BigInt(3 * this.log.length + 1),
      recordedAt: toIso(at),
      data,
      metadata: {
        command_id: commandId,
        correlation_id: commandId.split(' ')[0],
        occurred_at: toIso(at),
        actor: { kind: 'key', id: 'key_1' },
      },
    } as unknown as RecordedEvent;
    this.log.push(event);
    if (type.startsWith('calendar.booking-'))
      this.received.push({ eventId: event.id, subject: String(data.booking_id) });
    return event;
  }

  asked(commandId: string, what: What, fields: Partial<Invocation>, ...tries: Outcome[]): void {
    this.invocations.push({ commandId, what, ...fields, tries });
  }

  replace(index: number, change: object): void {
    this.log[index] = { ...this.log[index]!, ...change } as RecordedEvent;
  }

  answer(index: number, ...tries: Outcome[]): void {
    this.invocations[index] = { ...this.invocations[index]!, tries };
  }
}

const time = (from: number, minutes = 30, buffers = [0, 10]) => ({
  start_time: toIso(from),
  end_time: toIso(from + minutes * minute),
  judged_by: { buffer_before: buffers[0], buffer_after: buffers[1] },
});
const acknowledged = (id: string, { position }: Pick<RecordedEvent, 'position'>, at = noon): Outcome => ({
  kind: 'acknowledged',
  id,
  position: String(position),
  at,
});
const refused: Outcome = { kind: 'refused', code: 'slot_taken', askedAt: noon };
const unknown: Outcome = { kind: 'unknown', why: 'no answer' };

/** A booking that is moved, one that nobody heard of, one from a hold, one that is cancelled twice, and a refusal. */
function told(): Story {
  const story = new Story();
  story.append('c0', 'opened', {});
  const booked = story.append('c0', 'booking-created', { booking_id: 'b0', ...time(start) });
  story.asked('c0', 'book', { start: toIso(start) }, unknown, acknowledged('b0', booked));
  story.append('c1', 'booking-created', { booking_id: 'b1', ...time(start + 40 * minute) });
  story.asked('c1', 'book', { start: toIso(start + 40 * minute) }, unknown);
  story.asked('c2', 'book', { start: toIso(start) }, refused);
  const moved = story.append('c3', 'booking-rescheduled', { booking_id: 'b0', ...time(start + 120 * minute) });
  story.asked('c3', 'move', { subject: 'b0', start: toIso(start + 120 * minute) }, acknowledged('b0', moved));
  const hold = { hold_id: 'h0', ...time(start), expires_at: toIso(noon + 5 * minute) };
  story.asked('c4', 'hold', { start: toIso(start) }, acknowledged('h0', story.append('c4', 'slot-held', hold)));
  const at = noon + minute;
  const taken = story.append('c5', 'booking-created', { booking_id: 'b2', hold_id: 'h0', ...time(start) }, { at });
  story.asked('c5', 'book-held', { subject: 'h0' }, acknowledged('b2', taken));
  const cancelled = story.append('c6', 'booking-cancelled', { booking_id: 'b1' });
  story.asked('c6', 'cancel', { subject: 'b1' }, acknowledged('b1', cancelled));
  story.asked('c7', 'cancel', { subject: 'b1' }, acknowledged('b1', cancelled));
  story.append('c8', 'booking-created', { booking_id: 'b3', ...time(start) }, { user: 'b' });
  story.asked('c8', 'book', { start: toIso(start) }, unknown, refused);
  tellOfPlans(story);
  story.listed.push(
    { id: 'b0', status: 'confirmed', start: toIso(start + 120 * minute) },
    { id: 'b1', status: 'cancelled', start: toIso(start + 40 * minute) },
    { id: 'b2', status: 'confirmed', start: toIso(start) },
    { id: 'b3', status: 'confirmed', start: toIso(start) },
    { id: 'b5', status: 'confirmed', start: toIso(start + 500 * minute) },
    { id: 'b7', status: 'confirmed', start: toIso(start + 800 * minute) },
    { id: 'b8', status: 'confirmed', start: toIso(start + 900 * minute) },
  );
  return story;
}

/** One with two hosts, which is moved by ten minutes, and one that was undone. */
function tellOfPlans(story: Story): void {
  const at = (minutes: number) => ({ booking_id: 'b5', ...time(start + minutes * minute) });
  const hosts = { user_ids: ['user_a', 'user_b'] };
  story.plan('e0', 'planned', { kind: 'book' });
  story.append('e0 claim', 'part-claimed', { part_id: 'pa', ...at(490) });
  story.append('e0 claim', 'part-claimed', { part_id: 'pb', ...at(490) }, { user: 'b' });
  story.plan('e0', 'completed', { booking_ids: ['b5'] });
  const parts = (id: string) => ({ ...hosts, parts: [{ user_id: 'user_b', part_id: id }], plan_id: 'any' });
  story.append('e0 settle', 'booking-created', { part_id: 'pa', ...at(490), ...parts('pb') });
  story.asked('e0', 'book', { start: toIso(start + 490 * minute) }, unknown, acknowledged('b5', { position: 90n }));
  story.plan('e1', 'planned', { kind: 'move' });
  story.append('e1 claim', 'part-claimed', { part_id: 'qa', ...at(500) });
  story.append('e1 claim', 'part-claimed', { part_id: 'qb', ...at(500) }, { user: 'b' });
  story.plan('e1', 'completed', { booking_ids: ['b5'] });
  story.append('e1 settle', 'booking-rescheduled', { part_id: 'qa', ...at(500), ...parts('qb'), plan_id: 'e1' });
  story.append('e1 give back', 'part-released', { part_id: 'pb' }, { user: 'b' });
  const moved = { subject: 'b5', start: toIso(start + 500 * minute) };
  story.asked('e1', 'move', moved, acknowledged('b5', { position: 190n }));
  story.plan('e2', 'planned', { kind: 'book' });
  story.append('e2 claim', 'part-claimed', { ...at(600), part_id: 'ra', booking_id: 'b6' });
  story.plan('e2', 'part-refused', { code: 'slot_taken' });
  story.append('e2 give back', 'part-released', { part_id: 'ra' });
  story.plan('e2', 'undone', { code: 'slot_taken' });
  story.asked('e2', 'book', {}, refused);
  story.plan('e3', 'planned', { kind: 'book' });
  const first = { booking_id: 'b7', ...time(start + 800 * minute), plan_id: 'e3' };
  const second = { booking_id: 'b8', ...time(start + 900 * minute), plan_id: 'e3' };
  story.plan('e3', 'completed', { booking_ids: ['b7', 'b8'] });
  story.append('e3 settle', 'booking-created', first);
  story.append('e3 settle', 'booking-created', second, { user: 'b' });
  story.asked('e3', 'series', {}, unknown, series('b7', 'b8'), series('b7', 'b8'));
}

const series = (...bookings: readonly string[]): Outcome => ({
  kind: 'acknowledged',
  id: 's0',
  position: '90',
  at: noon,
  bookings,
});

/** Where things are in `told`. */
const [created, other, moved, fromHold] = [1, 2, 3, 5] as const;

const lies: readonly (readonly [Rule, string, (story: Story) => void])[] = [
  ['dense revisions', 'an event has vanished from a stream', ({ log }) => void log.splice(moved, 1)],
  ['dense revisions', 'a revision is there twice', (s) => s.replace(moved, { revision: 2 })],
  ['growing positions', 'two events change places', ({ log }) => void log.splice(5, 2, log[6]!, log[5]!)],
  ['an event once', 'an event id is there twice', (s) => s.replace(other, { id: s.log[created]!.id })],
  ['no broken answer', 'a client sees a 500', (s) => s.answer(1, { kind: 'broken', status: 500 })],
  [
    'acknowledged: in the log',
    'a booking is lost',
    (s) => s.asked('c9', 'book', {}, acknowledged('b9', { position: 70n })),
  ],
  [
    'acknowledged: in the log',
    'a cancellation is lost',
    (s) => s.asked('c9', 'cancel', { subject: 'b0' }, acknowledged('b0', { position: 70n })),
  ],
  [
    'acknowledged: in the log',
    'a cancellation that comes later does not count',
    (s) => s.answer(7, acknowledged('b1', { position: 1n })),
  ],
  ['refused: not in the log', 'a refused booking is made', (s) => s.answer(1, refused)],
  [
    'in the log once',
    'a command is done twice in one calendar',
    (s) => void s.append('c1', 'booking-created', { booking_id: 'b9', ...time(start + 300 * minute) }),
  ],
  [
    'in the log once',
    'a command is done in two calendars',
    (s) => void s.append('c1', 'booking-created', { booking_id: 'b9', ...time(start) }, { user: 'c' }),
  ],
  ['an answer is what the log says', 'another id', (s) => s.answer(0, acknowledged('b9', s.log[created]!))],
  ['an answer is what the log says', 'another position', (s) => s.answer(0, acknowledged('b0', s.log[other]!))],
  [
    'an answer is what the log says',
    'another start',
    (s) => s.replace(moved, { data: { ...(s.log[moved]!.data as Fields), ...time(start + 180 * minute) } }),
  ],
  [
    'an answer is what the log says',
    'another hold',
    (s) => s.replace(fromHold, { data: { ...(s.log[fromHold]!.data as Fields), hold_id: undefined } }),
  ],
  [
    'a repeat is answered the same',
    'a repeat has another booking',
    (s) => s.answer(0, acknowledged('b0', s.log[created]!), acknowledged('b9', s.log[created]!)),
  ],
  [
    'a repeat is answered the same',
    'a repeat is refused',
    (s) => s.answer(0, acknowledged('b0', s.log[created]!), { kind: 'refused', code: 'not_found', askedAt: noon + 1 }),
  ],
  ['nothing unasked', 'a booking comes from nowhere', (s) => void s.invocations.splice(1, 1)],
  [
    'no overlap',
    'two bookings at one time',
    (s) => void s.append('c8', 'booking-created', { booking_id: 'b9', ...time(start + 15 * minute) }),
  ],
  [
    'no overlap',
    'a buffer of ten minutes reaches into another booking',
    (s) => void s.append('c8', 'booking-created', { booking_id: 'b9', ...time(start - 35 * minute) }),
  ],
  [
    'no overlap',
    'a booking is moved onto another',
    (s) => void s.append('c8', 'booking-rescheduled', { booking_id: 'b0', ...time(start) }),
  ],
  [
    'no overlap',
    'a hold meets a booking',
    (s) => void s.append('c8', 'slot-held', { hold_id: 'h9', ...time(start), expires_at: toIso(noon + minute) }),
  ],
  [
    'no overlap',
    'a part of a plan meets a booking',
    (s) => void s.append('c8', 'part-claimed', { part_id: 'p9', booking_id: 'b9', ...time(start) }),
  ],
  [
    'a live hold becomes one booking',
    'a hold is honoured past its expiry',
    (s) => s.replace(fromHold, { metadata: { ...s.log[fromHold]!.metadata, occurred_at: toIso(noon + 6 * minute) } }),
  ],
  [
    'a live hold becomes one booking',
    'a hold becomes two bookings',
    (s) => void s.append('c8', 'booking-created', { booking_id: 'b9', hold_id: 'h0', ...time(start + 300 * minute) }),
  ],
  [
    'nothing follows the end',
    'a cancelled booking is moved',
    (s) => void s.append('c8', 'booking-rescheduled', { booking_id: 'b1', ...time(start + 300 * minute) }),
  ],
  [
    'nothing follows the end',
    'a booking that never was is cancelled',
    (s) => void s.append('c8', 'booking-cancelled', { booking_id: 'b9' }),
  ],
  ['a plan ends', 'a plan is left open', (s) => void s.plan('e9', 'planned', { kind: 'book' })],
  [
    'a plan ends',
    'a booking that was decided is not made',
    (s) => {
      s.plan('e9', 'planned', { kind: 'book' });
      s.plan('e9', 'completed', { booking_ids: ['b9'] });
    },
  ],
  [
    'parts are of bookings',
    'a part is left over',
    (s) =>
      void s.append('e0 claim', 'part-claimed', { part_id: 'p9', booking_id: 'b9', ...time(start + 700 * minute) }),
  ],
  [
    'parts are of bookings',
    'a booking lacks a host',
    (s) => void s.append('e1 give back', 'part-released', { part_id: 'qb' }, { user: 'b' }),
  ],
  [
    'parts are of bookings',
    'a cancelled booking keeps a host',
    (s) => void s.append('c8', 'booking-cancelled', { booking_id: 'b5' }),
  ],
  [
    'refused: not in the log',
    'a plan is completed though its client was refused',
    (s) => void s.plan('e2', 'completed', { booking_ids: [] }),
  ],
  [
    'acknowledged: in the log',
    'a plan is undone though its client was told of a booking',
    (s) => s.answer(s.invocations.length - 2, acknowledged('b6', { position: 190n })),
  ],
  [
    'no overlap',
    'a part meets a booking of another calendar',
    (s) => void s.append('e0', 'part-claimed', { part_id: 'p9', booking_id: 'b9', ...time(start) }, { user: 'b' }),
  ],
  [
    'acknowledged: in the log',
    'a booking of a series is lost',
    (s) => s.answer(s.invocations.length - 1, series('b7', 'b8', 'b9')),
  ],
  [
    'an answer is what the log says',
    'a series has a booking that nobody was told of',
    (s) => s.answer(s.invocations.length - 1, series('b7')),
  ],
  [
    'a repeat is answered the same',
    'a series comes to other bookings when it is repeated',
    (s) => s.answer(s.invocations.length - 1, series('b7', 'b8'), series('b8')),
  ],
  [
    'in the log once',
    'a booking of a series is made twice',
    (s) =>
      void s.append('e3 again', 'booking-created', { booking_id: 'b7', ...time(start + 990 * minute), plan_id: 'e3' }),
  ],
  ['told', 'a webhook is lost', ({ received }) => void received.splice(1, 1)],
  ['told in order', 'two webhooks of one booking change places', ({ received }) => void received.reverse()],
  ['told nothing else', 'a webhook without its event', (s) => void s.received.push({ eventId: 'none', subject: 'b0' })],
  ['lists are folds', 'a booking is missing', ({ listed }) => void listed.pop()],
  ['lists are folds', 'a booking is listed twice', ({ listed }) => void listed.push(listed[0]!)],
  ['lists are folds', 'a booking is too much', ({ listed }) => void listed.push({ ...listed[0]!, id: 'b9' })],
  [
    'lists are folds',
    'a booking is shown as it was',
    (s) => void s.listed.splice(1, 1, { ...s.listed[1]!, status: 'confirmed' }),
  ],
  [
    'lists are folds',
    'a booking is shown where it was',
    (s) => void s.listed.splice(0, 1, { ...s.listed[0]!, start: toIso(start) }),
  ],
];

t.test('a history that is right is not complained about', async (t) => {
  t.same(judge(told()), []);
});

t.test('what was so already is not in the log again', async (t) => {
  const story = told();
  const end = { position: 99n };
  story.asked('d0', 'move', { subject: 'b0', start: toIso(start + 120 * minute) }, acknowledged('b0', end));
  story.asked('d1', 'confirm', { subject: 'b2' }, acknowledged('b2', end), acknowledged('b2', { position: 100n }));
  story.asked('d2', 'release', { subject: 'h0' }, acknowledged('h0', end));
  const hold = { hold_id: 'h1', ...time(start + 300 * minute), expires_at: toIso(noon + 5 * minute) };
  story.asked('d3', 'hold', {}, acknowledged('h1', story.append('d3', 'slot-held', hold)));
  story.asked('d4', 'release', { subject: 'h1' }, acknowledged('h1', end, noon + 6 * minute));
  t.same(judge(story), []);
  story.asked('d5', 'release', { subject: 'h1' }, acknowledged('h1', end));
  t.match(judge(story), [{ rule: 'acknowledged: in the log', detail: 'release d5: h1' }]);
});

t.test('an expired hold, and the time beside buffers, are free', async (t) => {
  const story = told();
  const at = noon + 10 * minute;
  const again = story.append('d0', 'slot-held', {
    hold_id: 'h1',
    ...time(start + 160 * minute),
    expires_at: toIso(at),
  });
  story.asked('d0', 'hold', { start: toIso(start + 160 * minute) }, acknowledged('h1', again));
  const next = { booking_id: 'b4', ...time(start + 160 * minute) };
  story.asked('d1', 'book', {}, acknowledged('b4', story.append('d1', 'booking-created', next, { at })));
  story.listed.push({ id: 'b4', status: 'confirmed', start: next.start_time });
  t.same(judge(story), []);
});

for (const [rule, what, lie] of lies) {
  t.test(`${rule}: ${what}`, async (t) => {
    const story = told();
    lie(story);
    const found = judge(story satisfies History);
    t.ok(
      found.some((violation) => violation.rule === rule),
      JSON.stringify(found),
    );
  });
}

t.test('every rule is broken by some history', async (t) => {
  t.same([...new Set(lies.map(([rule]) => rule))].sort(), [...rules].sort());
});

t.test('it takes time that grows with the length of a history alone', async (t) => {
  const story = new Story();
  const events: RecordedEvent[] = [];
  const bookings = 40_000;
  for (let n = 0; n < bookings; n += 1) {
    const data = { booking_id: `b${n}`, user_id: 'user_a', ...time(start + n * 40 * minute) };
    const metadata = { command_id: `c${n}`, occurred_at: toIso(noon), actor: { kind: 'key', id: 'key_1' } };
    const place = { streamId: 'calendar-user_a', revision: n, position: BigInt(n + 1), recordedAt: toIso(noon) };
    const event = { id: `e${n}`, type: 'calendar.booking-created.v1', data, metadata, ...place };
    events.push(event as unknown as RecordedEvent);
    story.asked(`c${n}`, 'book', { start: data.start_time }, acknowledged(`b${n}`, place));
    story.received.push({ eventId: `e${n}`, subject: `b${n}` });
    story.listed.push({ id: `b${n}`, status: 'confirmed', start: data.start_time });
  }
  const began = performance.now();
  t.same(judge({ ...story, log: events }), []);
  t.ok(performance.now() - began < 10_000, 'forty thousand bookings');
});
