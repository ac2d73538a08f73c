import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Proposed, Stored } from './log.ts';

/** Translation between the log's words and the messages of the wire. */

export function uuid(id: string) {
  const message = new shared.UUID();
  message.setString(id);
  return message;
}

export function streamIdentifier(streamId: string) {
  const message = new shared.StreamIdentifier();
  message.setStreamName(Buffer.from(streamId, 'utf8'));
  return message;
}

export function nameOf(identifier: { getStreamName_asU8(): Uint8Array } | undefined): string {
  return Buffer.from(identifier!.getStreamName_asU8()).toString('utf8');
}

interface ProposedMessage {
  getId(): { getString(): string } | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

export function proposedFrom(message: ProposedMessage): Proposed {
  return {
    id: message.getId()!.getString(),
    type: message.getMetadataMap().get('type')!,
    contentType: message.getMetadataMap().get('content-type')!,
    data: Buffer.from(message.getData_asU8()),
    metadata: Buffer.from(message.getCustomMetadata_asU8()),
  };
}

export function eventMessage(stored: Stored): ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(uuid(stored.id));
  recorded.setStreamIdentifier(streamIdentifier(stored.streamId));
  recorded.setStreamRevision(String(stored.revision));
  recorded.setPreparePosition(String(stored.position));
  recorded.setCommitPosition(String(stored.position));
  const facts = recorded.getMetadataMap();
  facts.set('type', stored.type);
  facts.set('content-type', stored.contentType);
  facts.set('created', String(BigInt(stored.createdMs) * ticksPerMs));
  recorded.setData(stored.data);
  recorded.setCustomMetadata(stored.metadata);
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(String(stored.position));
  const message = new streams.ReadResp();
  message.setEvent(event);
  return message;
}

/** Of .NET: 100 nanoseconds each. */
const ticksPerMs = 10_000n;

export function confirmationMessage(subscriptionId: string): ReadResp {
  const message = new streams.ReadResp();
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(subscriptionId);
  message.setConfirmation(confirmation);
  return message;
}

export function checkpointMessage(position: bigint): ReadResp {
  const message = new streams.ReadResp();
  const checkpoint = new streams.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  message.setCheckpoint(checkpoint);
  return message;
}

export function caughtUpMessage(): ReadResp {
  const message = new streams.ReadResp();
  message.setCaughtUp(new streams.ReadResp.CaughtUp());
  return message;
}

export function notFoundMessage(streamId: string): ReadResp {
  const message = new streams.ReadResp();
  const notFound = new streams.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(streamIdentifier(streamId));
  message.setStreamNotFound(notFound);
  return message;
}
