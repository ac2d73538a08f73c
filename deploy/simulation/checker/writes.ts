import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { type Entry, isFinal } from '../clients/history.ts';
import type { Found } from './check.ts';

/** Invariant 2: what was acknowledged is in the log, once; what was refused is not; the rest once at most, and whole. */
export function checkWrites({ log, history }: Pick<Found, 'log' | 'history'>): string[] {
  const byCommand = Map.groupBy(log.filter(isDomainEvent), ({ metadata }) => metadata.command_id);
  const made = madeIn(log);
  const byRequest = Map.groupBy(history, ({ commandId, fingerprint }) => `${commandId} ${fingerprint}`);
  return [
    ...[...byCommand].flatMap(([, events]) => faultsOfCommand(events)),
    ...[...byRequest.values()].flatMap((entries) => {
      return faultsOfRequest(entries, byCommand.get(entries[0]!.commandId) ?? [], made);
    }),
    ...history.flatMap(unexpected),
  ];
}

const isDomainEvent = ({ streamId }: RecordedEvent) =>
  !streamId.startsWith('command-') && !streamId.startsWith('snapshot');

function faultsOfCommand(events: readonly RecordedEvent[]): string[] {
  const [first] = events;
  const { command_id, fingerprint } = first!.metadata;
  const isBlock = events.every(
    ({ streamId, revision }, n) => streamId === first!.streamId && revision === first!.revision + n,
  );
  return [
    ...(isBlock ? [] : [`command ${command_id} is in the log more than once: ${events.map(placeOf)}`]),
    ...(events.every(({ metadata }) => metadata.fingerprint === fingerprint) ? [] : [`command ${command_id} is two`]),
  ];
}

/** Everybody who asked the same with the same key. */
function faultsOfRequest(entries: readonly Entry[], events: readonly RecordedEvent[], made: Made): string[] {
  const [{ key, method, url, fingerprint, commandId }] = entries as [Entry];
  const mine = events.filter(({ metadata }) => metadata.fingerprint === fingerprint);
  const answers = entries.flatMap((entry) => entry.answers);
  const acknowledged = answers.filter((answer) => answer !== undefined && answer.status < 300);
  const what = `${key} (${method} ${url})`;
  if (acknowledged.length === 0) {
    const isRefused = answers.length > 0 && answers.every(isFinal);
    // A plan may have been made. What it was refused for must not have come of it.
    const kept = mine.filter(({ streamId }) => !streamId.startsWith('scheduling-')).map(placeOf);
    const booked = mine.length > 0 ? (made.byPlan.get(commandId) ?? []) : [];
    return isRefused && kept.length + booked.length > 0
      ? [`${what} was refused, and is in the log: ${[...kept, ...booked]}`]
      : [];
  }
  const ids = new Set(acknowledged.map((answer) => `${answer!.body.id} ${answer!.body.seat_id ?? ''}`));
  return [
    ...(ids.size > 1 ? [`${what} was answered with different things: ${[...ids]}`] : []),
    ...acknowledged.flatMap((answer) => faultsOfAnswer(what, entries[0]!, answer!.body, mine, made)),
  ];
}

function faultsOfAnswer(
  what: string,
  { method, url }: Entry,
  body: Record<string, unknown>,
  mine: readonly RecordedEvent[],
  made: Made,
): string[] {
  const isMaking = method === 'POST' && /\/(bookings|holds|series|sequences)$/.test(url);
  const together = (body.bookings ?? []) as readonly { id: string }[];
  const promised = isMaking ? (together.length > 0 ? together.map(({ id }) => id) : [String(body.id)]) : [];
  const missing = promised.filter((id) => !made.ids.has(id));
  if (isMaking && (mine.length === 0 || missing.length > 0)) return [`${what} was acknowledged, and is not in the log`];
  if (method === 'DELETE' && /\/bookings\/[^/]+$/.test(url)) {
    const isCancelled = made.cancelled.has(String(body.id)) && body.status === 'cancelled';
    if (!isCancelled) return [`${what} was acknowledged, and nothing is cancelled`];
  }
  const isMissing = mine.length === 0 && /\/(event-types|away|webhooks)/.test(url) && method !== 'DELETE';
  if (isMissing) return [`${what} was acknowledged, and is not in the log`];
  const isMoved = method !== 'PATCH' || !url.includes('/bookings/') || made.starts.has(`${body.id} ${body.start_time}`);
  return isMoved ? [] : [`${what} was acknowledged, and the booking was never there`];
}

/** What there has ever been of holds and bookings. */
interface Made {
  readonly ids: ReadonlySet<string>;
  readonly cancelled: ReadonlySet<string>;
  /** A booking's id and a start that it had. */
  readonly starts: ReadonlySet<string>;
  /** Bookings by the plan that made them. */
  readonly byPlan: ReadonlyMap<string, readonly string[]>;
}

function madeIn(log: readonly RecordedEvent[]): Made {
  const [ids, cancelled, starts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const byPlan = new Map<string, string[]>();
  for (const { streamId, type, data } of log) {
    if (!streamId.startsWith('calendar-')) continue;
    const { booking_id, hold_id, start_time, plan_id } = data as Record<string, string | undefined>;
    if (type === 'calendar.slot-held.v1') ids.add(hold_id!);
    if (booking_id === undefined || type.includes('.part-')) continue;
    ids.add(booking_id);
    starts.add(`${booking_id} ${start_time}`);
    if (type === 'calendar.booking-cancelled.v1') cancelled.add(booking_id);
    if (plan_id !== undefined) byPlan.set(plan_id, [...(byPlan.get(plan_id) ?? []), booking_id]);
  }
  return { ids, cancelled, starts, byPlan };
}

function unexpected({ key, method, url, answers }: Entry): string[] {
  return answers.flatMap((answer) =>
    answer?.status === 500 ? [`${key} (${method} ${url}) broke: ${JSON.stringify(answer.body)}`] : [],
  );
}

const placeOf = ({ streamId, revision }: RecordedEvent) => `${streamId} ${revision}`;
