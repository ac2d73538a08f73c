import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { Type } from 'typebox';

/**
 * A command took its id, just before its first append. Stream `command-{commandId}`, only in stores whose event ids
 * are not unique in the whole log. It does not say that the command's own events followed.
 */
export const CommandReserved = defineEvent(
  'command.reserved.v1',
  Type.Object({
    command_id: Type.String(),
    stream_id: Type.String(),
    /** Where that stream was: the command's own events, if any, are after it. */
    after_revision: Type.Integer(),
  }),
);

/**
 * What a stream came to at one of its revisions, so that its fold need not begin at the beginning. Stream
 * `snapshot-{streamId}`; only the newest is ever read. It is no fact: whoever does not believe it reads the stream.
 */
export const SnapshotTaken = defineEvent(
  'stream.snapshot-taken.v1',
  Type.Object({
    stream_id: Type.String(),
    /** Of the last event in it, and its id: where the stream has another event there, it is of another stream. */
    revision: Type.Integer(),
    event_id: Type.String(),
    /** The aggregate's `snapshots.version` by which it was folded. */
    version: Type.Integer(),
    /** State and recent commands, deflated, base64. What is sealed in the state is sealed in here. */
    content: Type.String(),
    /** SHA-256 of all of the above. */
    digest: Type.String(),
  }),
);

export const commandEvents = [CommandReserved, SnapshotTaken] as const;

export type CommandReserved = EventOf<typeof CommandReserved>;
export type SnapshotTaken = EventOf<typeof SnapshotTaken>;
