import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { type Invocation, type Outcome, type Together, type Violation, violation, type What } from './history.ts';

/** What clients were told, against what stands in the log. */
export function answerRules(invocations: readonly Invocation[], log: readonly RecordedEvent[]): Violation[] {
  const book = bookOf(log);
  const found = invocations.flatMap((invocation) => judgeOne(invocation, book));
  const asked = new Set(invocations.map(({ commandId }) => commandId));
  for (const event of log.filter(isOfCalendars)) {
    const { actor, command_id, correlation_id } = event.metadata;
    if (actor.kind === 'system' || asked.has(command_id) || asked.has(correlation_id)) continue;
    found.push(violation('nothing unasked', `${event.type} at ${placeOf(event)} by ${command_id}`));
  }
  return found;
}

/** The log, to look things up in. */
interface Book {
  /** What commands have written into calendars, those that are steps of a plan among them. */
  readonly byCommand: ReadonlyMap<string, readonly RecordedEvent[]>;
  readonly byRequest: ReadonlyMap<string, readonly RecordedEvent[]>;
  /** What plans have come to, by the command that they are of. */
  readonly plans: ReadonlyMap<string, readonly RecordedEvent[]>;
  readonly done: Done;
}

function bookOf(log: readonly RecordedEvent[]): Book {
  const calendars = log.filter(isOfCalendars);
  const plans = log.filter(({ streamId }) => streamId.startsWith('scheduling-'));
  return {
    byCommand: Map.groupBy(calendars, ({ metadata }) => metadata.command_id),
    byRequest: Map.groupBy(calendars, ({ metadata }) => metadata.correlation_id),
    plans: Map.groupBy(plans, ({ streamId }) => streamId.slice('scheduling-'.length)),
    done: doneIn(log),
  };
}

type Acknowledged = Extract<Outcome, { kind: 'acknowledged' }>;

function judgeOne(invocation: Invocation, book: Book): Violation[] {
  const { commandId, what, tries } = invocation;
  const name = `${what} ${commandId}`;
  const acknowledged = tries.filter((one): one is Acknowledged => one.kind === 'acknowledged');
  const answer = acknowledged[0];
  const plan = book.plans.get(commandId);
  const events = plan ? decidedBy(invocation, book) : (book.byCommand.get(commandId) ?? []);
  const found = tries
    .filter((one) => one.kind === 'broken')
    .map(({ status }) => violation('no broken answer', `${name}: ${status}`));
  if (plan ? !isEachOnce(events, what) : !isOneAppend(events)) {
    found.push(violation('in the log once', `${name}: ${events.map(placeOf)}`));
  }
  if (answer && !acknowledged.every((one) => isSame(one, answer, plan ? [] : events))) {
    found.push(violation('a repeat is answered the same', `${name}: ${JSON.stringify(acknowledged)}`));
  }
  if (tries.every(({ kind }) => kind === 'refused') && (plan ? isCompleted(plan) : events.length > 0)) {
    found.push(violation('refused: not in the log', `${name}: ${(plan ?? events).map(placeOf)}`));
  }
  const forgotten = tries.find((one) => one.kind === 'refused' && acknowledged.some(({ at }) => at < one.askedAt));
  if (forgotten && events.length > 0) {
    found.push(violation('a repeat is answered the same', `${name}: ${JSON.stringify(forgotten)}`));
  }
  if (areTogether(what)) return [...found, ...togetherAgainstLog(name, answer, events)];
  if (answer && events.length > 0) found.push(...againstLog(name, invocation, answer, events));
  if (answer && events.length === 0 && !acknowledged.every((one) => wasDone(invocation, one, book.done))) {
    found.push(violation('acknowledged: in the log', `${name}: ${answer.id}`));
  }
  return found;
}

/** What changed nothing is answered as of now, and what took several calendars as of the last of them. */
function isSame(one: Acknowledged, other: Acknowledged, events: readonly RecordedEvent[]): boolean {
  const same = one.id === other.id && String(one.bookings) === String(other.bookings);
  return same && (events.length === 0 || letsGo(events) || one.position === other.position);
}

function areTogether(what: What): what is Together {
  return what === 'series' || what === 'sequence';
}

/** A plan makes one booking, or several together: each once. */
function isEachOnce(events: readonly RecordedEvent[], what: What): boolean {
  const ids = new Set(events.map(({ data }) => (data as Fields).booking_id));
  return areTogether(what) ? ids.size === events.length : events.length <= 1;
}

/** What it says it has made is what it has made. */
function togetherAgainstLog(
  name: string,
  answer: Acknowledged | undefined,
  events: readonly RecordedEvent[],
): Violation[] {
  if (!answer) return [];
  const made = new Set(events.map(({ data }) => (data as Fields).booking_id));
  const lost = (answer.bookings ?? []).filter((id) => !made.delete(id));
  return [
    ...lost.map((id) => violation('acknowledged: in the log', `${name}: ${id}`)),
    ...[...made].map((id) => violation('an answer is what the log says', `${name} says nothing of ${id}`)),
  ];
}

/** What a plan has come to in the calendar that records it; nothing where it was undone. */
function decidedBy({ commandId, what }: Invocation, { byRequest, plans }: Book): readonly RecordedEvent[] {
  const completed = plans.get(commandId)!.findLast(({ type }) => type === 'scheduling.completed.v1');
  const { booking_ids = [] } = (completed?.data ?? {}) as { booking_ids?: readonly string[] };
  const { types, about } = expected[what];
  return (byRequest.get(commandId) ?? []).filter(
    ({ type, data }) => types.includes(type) && booking_ids.includes((data as Fields)[about] ?? ''),
  );
}

function isCompleted(plan: readonly RecordedEvent[]): boolean {
  return plan.at(-1)!.type === 'scheduling.completed.v1';
}

/** It is of several calendars, and its answer knows of them all. */
function letsGo(events: readonly RecordedEvent[]): boolean {
  return events.some(({ data }) => 'released_parts' in (data as object) || 'plan_id' in (data as object));
}

/** All events of a command are one append: one after the other in one stream. */
function isOneAppend(events: readonly RecordedEvent[]): boolean {
  const [first] = events;
  return events.every(
    ({ streamId, revision }, index) => streamId === first!.streamId && revision === first!.revision + index,
  );
}

function againstLog(
  name: string,
  { what, subject, start }: Invocation,
  { id, position }: Acknowledged,
  events: readonly RecordedEvent[],
): Violation[] {
  const { types, about } = expected[what];
  const event = events.find(({ type }) => types.includes(type));
  const data = (event?.data ?? {}) as Fields;
  const last = events.at(-1)!.position;
  const says = {
    id: data[about] === id,
    start: start === undefined || Date.parse(data.start_time ?? '') === Date.parse(start),
    // A plan has turned the hold into a part before.
    subject: subject === undefined || letsGo(events) || [data.hold_id, data.booking_id].includes(subject),
    position: letsGo(events) ? last <= BigInt(position) : String(last) === position,
  };
  return Object.entries(says)
    .filter(([, right]) => !right)
    .map(([part]) => violation('an answer is what the log says', `${name}: ${part} of ${id} at ${position}`));
}

type Fields = {
  readonly booking_id?: string;
  readonly hold_id?: string;
  readonly start_time?: string;
  readonly expires_at?: string;
};

const expected: Record<What, { readonly types: readonly string[]; readonly about: 'booking_id' | 'hold_id' }> = {
  book: { types: ['calendar.booking-created.v1', 'calendar.booking-requested.v1'], about: 'booking_id' },
  'book-held': { types: ['calendar.booking-created.v1', 'calendar.booking-requested.v1'], about: 'booking_id' },
  series: { types: ['calendar.booking-created.v1', 'calendar.booking-requested.v1'], about: 'booking_id' },
  sequence: { types: ['calendar.booking-created.v1', 'calendar.booking-requested.v1'], about: 'booking_id' },
  hold: { types: ['calendar.slot-held.v1'], about: 'hold_id' },
  release: { types: ['calendar.hold-released.v1'], about: 'hold_id' },
  move: { types: ['calendar.booking-rescheduled.v1'], about: 'booking_id' },
  cancel: { types: ['calendar.booking-cancelled.v1'], about: 'booking_id' },
  confirm: { types: ['calendar.booking-confirmed.v1'], about: 'booking_id' },
  decline: { types: ['calendar.booking-declined.v1'], about: 'booking_id' },
};

interface Done {
  /** Since when something is so: `cancel bkg_1` since the first event that says so. */
  readonly since: Map<string, bigint>;
  /** When each hold expires. */
  readonly expiry: Map<string, number>;
}

function doneIn(log: readonly RecordedEvent[]): Done {
  const done: Done = { since: new Map(), expiry: new Map() };
  for (const event of log) {
    const { hold_id = '', expires_at = '' } = event.data as Fields;
    if (event.type === 'calendar.slot-held.v1') done.expiry.set(hold_id, Date.parse(expires_at));
    for (const what of doneBy(event)) if (!done.since.has(what)) done.since.set(what, event.position);
  }
  return done;
}

function doneBy({ type, data }: RecordedEvent): string[] {
  const { booking_id, hold_id, start_time = '' } = data as Fields;
  const placed = `move ${booking_id} ${Date.parse(start_time)}`;
  switch (type) {
    case 'calendar.booking-created.v1':
      return [placed, `confirm ${booking_id}`, `release ${hold_id}`];
    case 'calendar.booking-requested.v1':
      return [placed, `release ${hold_id}`];
    case 'calendar.part-claimed.v1':
      return [`release ${hold_id}`];
    case 'calendar.booking-rescheduled.v1':
      return [placed];
    case 'calendar.booking-confirmed.v1':
      return [`confirm ${booking_id}`];
    case 'calendar.booking-declined.v1':
      return [`decline ${booking_id}`];
    case 'calendar.booking-cancelled.v1':
      return [`cancel ${booking_id}`];
    case 'calendar.hold-released.v1':
      return [`release ${hold_id}`];
    default:
      return [];
  }
}

/** What is so already is not done again, and is a success all the same. */
function wasDone({ what, subject = '', start }: Invocation, { position, at }: Acknowledged, done: Done): boolean {
  if (what === 'release' && at >= (done.expiry.get(subject) ?? Number.POSITIVE_INFINITY)) return true;
  const place = what === 'move' ? ` ${Date.parse(start ?? '')}` : '';
  const since = done.since.get(`${what} ${subject}${place}`);
  return since !== undefined && since <= BigInt(position);
}

function isOfCalendars({ streamId }: RecordedEvent): boolean {
  return streamId.startsWith('calendar-');
}

function placeOf({ streamId, revision }: RecordedEvent): string {
  return `${streamId}@${revision}`;
}
