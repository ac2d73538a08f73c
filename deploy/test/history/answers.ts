import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { type Invocation, type Outcome, type Violation, violation, type What } from './history.ts';

/** What clients were told, against what stands in the log. */
export function answerRules(invocations: readonly Invocation[], log: readonly RecordedEvent[]): Violation[] {
  const written = Map.groupBy(log.filter(isOfCalendars), ({ metadata }) => metadata.command_id);
  const endedAt = endsIn(log);
  const found = invocations.flatMap((invocation) => judgeOne(invocation, written.get(invocation.commandId), endedAt));
  const asked = new Set(invocations.map(({ commandId }) => commandId));
  for (const [commandId, [first]] of written) {
    if (first!.metadata.actor.kind === 'system' || asked.has(commandId)) continue;
    found.push(violation('nothing unasked', `${first!.type} at ${placeOf(first!)} by ${commandId}`));
  }
  return found;
}

type Acknowledged = Extract<Outcome, { kind: 'acknowledged' }>;

function judgeOne(invocation: Invocation, events: readonly RecordedEvent[] = [], endedAt: Ends): Violation[] {
  const { commandId, what, tries } = invocation;
  const name = `${what} ${commandId}`;
  const acknowledged = tries.filter((one): one is Acknowledged => one.kind === 'acknowledged');
  const [answer] = acknowledged;
  const found = tries
    .filter((one) => one.kind === 'broken')
    .map(({ status }) => violation('no broken answer', `${name}: ${status}`));
  if (!isOneAppend(events)) found.push(violation('in the log once', `${name}: ${events.map(placeOf)}`));
  if (acknowledged.some(({ id, position }) => id !== answer!.id || position !== answer!.position)) {
    found.push(violation('a repeat is answered the same', `${name}: ${JSON.stringify(acknowledged)}`));
  }
  if (answer && events.length > 0) found.push(...againstLog(name, invocation, answer, events));
  if (answer && events.length === 0 && !changedNothing(invocation, answer, endedAt)) {
    found.push(violation('acknowledged: in the log', `${name}: ${answer.id}`));
  }
  if (tries.every(({ kind }) => kind === 'refused') && events.length > 0) {
    found.push(violation('refused: not in the log', `${name}: ${events.map(placeOf)}`));
  }
  return found;
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
  const says = {
    id: data[about] === id,
    start: start === undefined || Date.parse(data.start_time ?? '') === Date.parse(start),
    subject: subject === undefined || [data.hold_id, data.booking_id].includes(subject),
    position: String(events.at(-1)!.position) === position,
  };
  return Object.entries(says)
    .filter(([, right]) => !right)
    .map(([part]) => violation('an answer is what the log says', `${name}: ${part} of ${id} at ${position}`));
}

type Fields = { readonly booking_id?: string; readonly hold_id?: string; readonly start_time?: string };

const expected: Record<What, { readonly types: readonly string[]; readonly about: 'booking_id' | 'hold_id' }> = {
  book: { types: ['calendar.booking-created.v1', 'calendar.booking-requested.v1'], about: 'booking_id' },
  'book-held': { types: ['calendar.booking-created.v1', 'calendar.booking-requested.v1'], about: 'booking_id' },
  hold: { types: ['calendar.slot-held.v1'], about: 'hold_id' },
  release: { types: ['calendar.hold-released.v1'], about: 'hold_id' },
  move: { types: ['calendar.booking-rescheduled.v1'], about: 'booking_id' },
  cancel: { types: ['calendar.booking-cancelled.v1'], about: 'booking_id' },
  confirm: { types: ['calendar.booking-confirmed.v1'], about: 'booking_id' },
  decline: { types: ['calendar.booking-declined.v1'], about: 'booking_id' },
};

/** Where each booking or hold ended first, and how. */
type Ends = ReadonlyMap<string, { readonly what: What; readonly position: bigint }>;

const endings: Readonly<Record<string, What>> = {
  'calendar.booking-cancelled.v1': 'cancel',
  'calendar.booking-declined.v1': 'decline',
  'calendar.booking-confirmed.v1': 'confirm',
  'calendar.hold-released.v1': 'release',
};

function endsIn(log: readonly RecordedEvent[]): Ends {
  const ends = new Map<string, { what: What; position: bigint }>();
  for (const { type, data, position } of log) {
    const what = endings[type];
    const { booking_id, hold_id } = data as Fields;
    const key = `${what} ${booking_id ?? hold_id}`;
    if (what && !ends.has(key)) ends.set(key, { what, position });
  }
  return ends;
}

/** What has been done before changes nothing, and is a success all the same. */
function changedNothing({ what, subject }: Invocation, { position }: Acknowledged, ends: Ends): boolean {
  const end = ends.get(`${what} ${subject}`);
  return end !== undefined && end.position <= BigInt(position);
}

function isOfCalendars({ streamId }: RecordedEvent): boolean {
  return streamId.startsWith('calendar-');
}

function placeOf({ streamId, revision }: RecordedEvent): string {
  return `${streamId}@${revision}`;
}
