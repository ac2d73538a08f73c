import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { die, faults, refusalOf } from './faults.ts';
import type { Expected, Log, Proposed, Verdict } from './log.ts';
import { nameOf, proposedFrom } from './messages.ts';

/** Streams.Append: one call, one append. */
export function appendCall(log: Log): handleClientStreamingCall<AppendReq, AppendResp> {
  return async (call, answer) => {
    const refusal = refusalOf(call.metadata);
    if (refusal) return answer(refusal);
    let options: AppendReq.Options | undefined;
    const events: Proposed[] = [];
    try {
      for await (const message of call as AsyncIterable<AppendReq>) {
        if (message.hasOptions()) options = message.getOptions();
        else events.push(proposedFrom(message.getProposedMessage()!));
      }
    } catch {
      return; // The caller went away in the middle: an append that is not whole is none.
    }
    // Where the whole connection went away, the end is told first and the reason a moment later.
    await new Promise(setImmediate);
    if (call.cancelled) return;
    const expected = expectedOf(options!, () => options!.getRevision());
    const verdict = judge(log, nameOf(options!.getStreamIdentifier()), expected, events);
    if (verdict) answer(null, appendAnswer(verdict, expected));
  };
}

/** Streams.BatchAppend: one long call, many appends, each with a correlation id of its own. */
export function batchAppendCall(log: Log): (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) => void {
  return (call) => {
    const refusal = refusalOf(call.metadata);
    if (refusal) return void call.emit('error', refusal);
    const pending = new Map<string, { options: BatchAppendReq.Options; events: Proposed[] }>();
    call.on('data', (message: BatchAppendReq) => {
      const correlationId = message.getCorrelationId()!;
      const options = message.getOptions();
      if (options) pending.set(correlationId.getString(), { options, events: [] });
      const batch = pending.get(correlationId.getString())!;
      batch.events.push(...message.getProposedMessagesList().map(proposedFrom));
      if (!message.getIsFinal()) return;
      pending.delete(correlationId.getString());
      const expected = expectedOf(batch.options, () => batch.options.getStreamPosition());
      const verdict = judge(log, nameOf(batch.options.getStreamIdentifier()), expected, batch.events);
      if (!verdict) return;
      const answer = batchAnswer(verdict, expected);
      answer.setCorrelationId(correlationId);
      answer.setStreamIdentifier(batch.options.getStreamIdentifier());
      call.write(answer);
    });
    call.on('end', () => call.end());
    call.on('error', () => {});
  };
}

/** The verdict to answer with, or nothing where a fault keeps the answer back. */
function judge(log: Log, streamId: string, expected: Expected, events: readonly Proposed[]): Verdict | undefined {
  if (faults.dieAtAppend === 'before') die();
  const verdict = log.append(streamId, expected, events, faults.forgetful ?? false);
  if (faults.dieAtAppend === 'after') die();
  return faults.swallowAnswers ? undefined : verdict;
}

interface Expectation {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

function expectedOf(options: Expectation, revision: () => string): Expected {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : Number(revision());
}

function appendAnswer(verdict: Verdict, expected: Expected): AppendResp {
  const answer = new streams.AppendResp();
  if (verdict.accepted) {
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(verdict.last.revision));
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(verdict.last.position));
    position.setPreparePosition(String(verdict.last.position));
    success.setPosition(position);
    answer.setSuccess(success);
    return answer;
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (verdict.currentRevision === undefined) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(verdict.currentRevision));
  if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new shared.Empty());
  else wrong.setExpectedStreamExists(new shared.Empty());
  answer.setWrongExpectedVersion(wrong);
  return answer;
}

function batchAnswer(verdict: Verdict, expected: Expected): BatchAppendResp {
  const answer = new streams.BatchAppendResp();
  if (verdict.accepted) {
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(verdict.last.revision));
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(verdict.last.position));
    position.setPreparePosition(String(verdict.last.position));
    success.setPosition(position);
    answer.setSuccess(success);
    return answer;
  }
  const wrong = new shared.WrongExpectedVersion();
  if (verdict.currentRevision === undefined) wrong.setCurrentNoStream(new empty.Empty());
  else wrong.setCurrentStreamRevision(String(verdict.currentRevision));
  if (typeof expected === 'number') wrong.setExpectedStreamPosition(String(expected));
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new empty.Empty());
  else wrong.setExpectedStreamExists(new empty.Empty());
  const details = new any.Any();
  details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  const error = new status.Status();
  error.setMessage('WrongExpectedVersion');
  error.setDetails(details);
  answer.setError(error);
  return answer;
}
