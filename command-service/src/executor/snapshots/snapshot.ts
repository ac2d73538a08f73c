import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { SnapshotTaken } from '../events.ts';
import type { RecentCommands, RememberedCommand } from '../recent-commands.ts';
import { fromText, toText } from './plain-data.ts';

/** What a stream came to, at a revision. */
export interface Snapshot<S> {
  readonly streamId: string;
  readonly revision: number;
  /** The event at that revision. */
  readonly eventId: string;
  /** How the state is folded and shaped: one of another version says nothing to this one. */
  readonly version: number;
  readonly state: S;
  /** From the oldest on. */
  readonly commands: Iterable<readonly [id: string, RememberedCommand]>;
}

export class DamagedSnapshot extends Error {
  override readonly name = 'DamagedSnapshot';
}

/** @throws {Error} the state holds something that is not plain data */
export function packed<S>(snapshot: Snapshot<S>): SnapshotTaken['data'] {
  const { streamId, revision, eventId, version, state, commands } = snapshot;
  const content = deflateRawSync(toText({ state, commands: [...commands] })).toString('base64');
  const told = { stream_id: streamId, revision, event_id: eventId, version, content };
  return { ...told, digest: digestOf(told) };
}

/** @throws {DamagedSnapshot} it is not what was packed, whatever has become of it */
export function unpacked<S>(data: SnapshotTaken['data']): Snapshot<S> {
  const { stream_id, revision, event_id, version, content } = data;
  if (digestOf(data) !== data.digest) throw new DamagedSnapshot(`its digest is not that of ${stream_id}`);
  // What has the digest was written by this code, for the version that it names.
  const { state, commands } = fromText(inflateRawSync(Buffer.from(content, 'base64')).toString()) as Content<S>;
  return { streamId: stream_id, revision, eventId: event_id, version, state, commands };
}

interface Content<S> {
  readonly state: S;
  readonly commands: ReturnType<RecentCommands['entries']>;
}

function digestOf({ stream_id, revision, event_id, version, content }: Omit<SnapshotTaken['data'], 'digest'>): string {
  const all = JSON.stringify([stream_id, revision, event_id, version, content]);
  return createHash('sha256').update(all).digest('base64url');
}
