import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { type Entry, isFinal } from '../clients/history.ts';
import type { Found } from './check.ts';

/** Invariant 2: what was acknowledged is in the log, once; what was refused is not; of the rest, whole or not at all, once. */
export function checkWrites({ log, history }: Pick<Found, 'log' | 'history'>): string[] {
  const byCommand = Map.groupBy(log.filter(isDomainEvent), ({ metadata }) => metadata.command_id);
  const byRequest = Map.groupBy(history, ({ commandId, fingerprint }) => `${commandId} ${fingerprint}`);
  return [
    ...[...byCommand].flatMap(([, events]) => faultsOfCommand(events)),
    ...[...byRequest.values()].flatMap((entries) =>
      faultsOfRequest(entries, byCommand.get(entries[0]!.commandId) ?? [], log),
    ),
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
function faultsOfRequest(
  entries: readonly Entry[],
  events: readonly RecordedEvent[],
  log: readonly RecordedEvent[],
): string[] {
  const [{ key, method, url, fingerprint }] = entries as [Entry];
  const mine = events.filter(({ metadata }) => metadata.fingerprint === fingerprint);
  const answers = entries.flatMap((entry) => entry.answers);
  const acknowledged = answers.filter((answer) => answer !== undefined && answer.status < 300);
  const what = `${key} (${method} ${url})`;
  if (acknowledged.length === 0) {
    const isRefused = answers.length > 0 && answers.every(isFinal);
    return isRefused && mine.length > 0 ? [`${what} was refused, and is in the log: ${mine.map(placeOf)}`] : [];
  }
  const ids = new Set(acknowledged.map((answer) => `${answer!.body.id} ${answer!.body.seat_id ?? ''}`));
  return [
    ...(ids.size > 1 ? [`${what} was answered with different things: ${[...ids]}`] : []),
    ...acknowledged.flatMap((answer) => faultsOfAnswer(what, method, url, answer!.body, mine, log)),
  ];
}

function faultsOfAnswer(
  what: string,
  method: string,
  url: string,
  body: Record<string, unknown>,
  mine: readonly RecordedEvent[],
  log: readonly RecordedEvent[],
): string[] {
  const isMaking = method === 'POST' && /\/(bookings|holds)$/.test(url);
  if (isMaking && mine.length === 0) return [`${what} was acknowledged, and is not in the log`];
  if (method === 'DELETE' && /\/bookings\/[^/]+$/.test(url)) {
    const isCancelled = log.some(
      ({ type, data }) => type === 'calendar.booking-cancelled.v1' && isAbout(data, body.id),
    );
    if (!isCancelled || body.status !== 'cancelled') return [`${what} was acknowledged, and nothing is cancelled`];
  }
  if (method === 'PATCH') {
    const isThere = log.some(({ data }) => isAbout(data, body.id) && startOf(data) === body.start_time);
    if (!isThere) return [`${what} was acknowledged, and the booking was never there`];
  }
  return [];
}

function unexpected({ key, method, url, answers }: Entry): string[] {
  return answers.flatMap((answer) =>
    answer?.status === 500 ? [`${key} (${method} ${url}) broke: ${JSON.stringify(answer.body)}`] : [],
  );
}

const isAbout = (data: unknown, id: unknown) => (data as { booking_id?: string }).booking_id === id;
const startOf = (data: unknown) => (data as { start_time?: string }).start_time;
const placeOf = ({ streamId, revision }: RecordedEvent) => `${streamId} ${revision}`;
