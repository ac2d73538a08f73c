import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { faults, refusalOf } from './faults.ts';
import type { Log, Stored } from './log.ts';
import { caughtUpMessage, checkpointMessage, confirmationMessage, eventMessage, notFoundMessage } from './messages.ts';

type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** Streams.Read: a page of a stream or of everything, or a subscription to everything. */
export function readCall(log: Log): (call: ReadCall) => Promise<void> {
  return async (call) => {
    const refusal = refusalOf(call.metadata);
    if (refusal) return void call.emit('error', refusal);
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    call.on('error', () => gone.abort());
    const options = call.request.getOptions()!;
    if (options.hasSubscription()) return subscribe(call, log, options, gone.signal);
    await sendPage(call, log, options, gone.signal);
    call.end();
  };
}

async function sendPage(call: ReadCall, log: Log, options: ReadReq.Options, gone: AbortSignal): Promise<void> {
  const page = options.hasStream() ? streamPage(log, options) : allPage(log, options);
  if (typeof page === 'string') return send(call, notFoundMessage(page), gone);
  for (const event of page.slice(0, Number(options.getCount()))) {
    if (gone.aborted) return;
    await send(call, eventMessage(event), gone);
  }
}

/** The events from a revision on, that one included, or the name of the stream that is not there. */
function streamPage(log: Log, options: ReadReq.Options): readonly Stored[] | string {
  const wanted = options.getStream()!;
  const name = Buffer.from(wanted.getStreamIdentifier()!.getStreamName_asU8()).toString('utf8');
  const stream = log.stream(name);
  if (!stream) return name;
  const backwards = options.getReadDirection() === 1;
  const revision = Number(wanted.getRevision());
  if (!backwards) return wanted.hasEnd() ? [] : stream.slice(revision);
  // A range of revisions of which none exists is empty, however many there are before it.
  const end = wanted.hasEnd() ? stream.length - 1 : wanted.hasStart() ? 0 : revision;
  return stream.filter((one) => one.revision <= end && one.revision > end - Number(options.getCount())).toReversed();
}

/** The events from a position on, that one included. */
function allPage(log: Log, options: ReadReq.Options): readonly Stored[] {
  const start = startOf(log, options);
  if (options.getReadDirection() === 0) return log.all.slice(start);
  return log.all.slice(0, start).toReversed();
}

function startOf(log: Log, options: ReadReq.Options): number {
  const wanted = options.getAll()!;
  if (wanted.hasStart()) return 0;
  if (wanted.hasEnd()) return log.all.length;
  const position = BigInt(wanted.getPosition()!.getCommitPosition());
  let low = 0;
  for (let high = log.all.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (log.all[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** After a position, that one excluded: what is there, the news that this was all, then what comes. */
async function subscribe(call: ReadCall, log: Log, options: ReadReq.Options, gone: AbortSignal): Promise<void> {
  await send(call, confirmationMessage(randomUUID()), gone);
  const matches = filterOf(options);
  const checkpointEvery = options.getFilter()?.getCheckpointintervalmultiplier() ?? Number.POSITIVE_INFINITY;
  let next = startOf(log, options);
  if (options.getAll()!.hasPosition()) next += 1;
  let considered = 0;
  for (let caughtUp = false; !gone.aborted; ) {
    const grown = log.grown(gone);
    for (; next < log.all.length && !gone.aborted && !faults.mute; next++) {
      const event = log.all[next]!;
      if (matches(event)) await send(call, eventMessage(event), gone);
      if (++considered % checkpointEvery === 0) await send(call, checkpointMessage(event.position), gone);
    }
    if (!caughtUp) await send(call, caughtUpMessage(), gone);
    caughtUp = true;
    await grown;
  }
}

function filterOf(options: ReadReq.Options): (event: Stored) => boolean {
  const filter = options.getFilter();
  if (!filter) return () => true;
  const expression = (filter.getEventType() ?? filter.getStreamIdentifier())!;
  const prefixes = expression.getPrefixList();
  const pattern = new RegExp(expression.getRegex());
  return ({ type, streamId }) => {
    const subject = filter.hasEventType() ? type : streamId;
    return prefixes.length > 0 ? prefixes.some((prefix) => subject.startsWith(prefix)) : pattern.test(subject);
  };
}

/** Waits while the reader is slower than the log. */
async function send(call: ReadCall, message: ReadResp, gone: AbortSignal): Promise<void> {
  if (!gone.aborted && !call.write(message)) await once(call, 'drain', { signal: gone }).catch(() => {});
}
