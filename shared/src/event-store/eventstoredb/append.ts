import type { NewEvent } from '../../kernel/event.ts';
import { type Appended, type ExpectedRevision, WrongExpectedRevision } from '../port.ts';
import type { Gateway } from './gateway.ts';
import { isKnown } from './records.ts';
import { readStream } from './stream.ts';

/**
 * Appends, or recognises a repeat of what stands there.
 *
 * The server recognises repeats too, but remembers only so many ids of appends that expect `any`, and
 * none across a restart. So `any` becomes an expectation here, and a refusal is a refusal only after the
 * stream has been read: where the same ids stand at that place, this append was written before.
 */
export async function append(
  gateway: Gateway,
  streamId: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<Appended> {
  if (events.length === 0) return whereItStands(gateway, streamId, expected);
  if (expected === 'any') return appendAnywhere(gateway, streamId, events);
  const appended = await appendAt(gateway, streamId, expected === 'no_stream' ? -1 : expected, events);
  if (!appended) throw new WrongExpectedRevision(streamId, expected);
  return appended;
}

/** @param last the revision that must be the stream's last, -1 where there must be no stream */
async function appendAt(
  gateway: Gateway,
  streamId: string,
  last: number,
  events: readonly NewEvent[],
): Promise<Appended | undefined> {
  const written = await gateway.write(streamId, last < 0 ? 'no_stream' : last, events);
  if (written !== 'wrong_revision' && isKnown(written.position)) {
    return { revision: written.revision, position: written.position };
  }
  return repeatAt(gateway, streamId, last + 1, events);
}

/** Where these very events stand, if they stand at this place. */
async function repeatAt(
  gateway: Gateway,
  streamId: string,
  first: number,
  events: readonly NewEvent[],
): Promise<Appended | undefined> {
  const standing = await gateway.streamPage(streamId, first, events.length, 'forwards');
  const last = standing.at(-1);
  if (!last || !events.every(({ id }, index) => standing[index]?.id === id)) return undefined;
  return { revision: last.revision, position: last.position };
}

/**
 * Looks for the ids in the whole stream, then appends behind what it read; and again from there on where
 * others were quicker. Costs as much as the stream is long: nothing on a busy path appends like this.
 */
async function appendAnywhere(gateway: Gateway, streamId: string, events: readonly NewEvent[]): Promise<Appended> {
  for (let next = 0; ; ) {
    for await (const { id, revision } of readStream(gateway, streamId, { fromRevision: next })) {
      next = revision + 1;
      if (id !== events[0]?.id) continue;
      const repeated = await repeatAt(gateway, streamId, revision, events);
      if (!repeated) throw new WrongExpectedRevision(streamId, 'any'); // Only its beginning stands there.
      return repeated;
    }
    const appended = await appendAt(gateway, streamId, next - 1, events);
    if (appended) return appended;
  }
}

/** The answer to an append of nothing. */
async function whereItStands(gateway: Gateway, streamId: string, expected: ExpectedRevision): Promise<Appended> {
  const [last] = await gateway.streamPage(streamId, 'end', 1, 'backwards');
  const revision = last?.revision ?? -1;
  if (expected !== 'any' && revision !== (expected === 'no_stream' ? -1 : expected)) {
    throw new WrongExpectedRevision(streamId, expected);
  }
  return { revision, position: last?.position ?? 0n };
}
