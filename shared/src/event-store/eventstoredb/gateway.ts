import type { NewEvent, Position, RecordedEvent } from '../../kernel/event.ts';
import type { ExpectedRevision } from '../port.ts';
import { meaningOf } from './errors.ts';
import { answerOf, collect } from './patience.ts';
import { eventDataOf, positionOf, recordedFrom, revisionOption } from './records.ts';
import type { Supervisor } from './supervisor.ts';

/** The few calls that are made to the server, each of which ends. All the rest is built from them. */
export interface Gateway {
  /** Writes, or answers that the stream is elsewhere. Whether the server knows a repeat is up to the server. */
  write(streamId: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Written | 'wrong_revision'>;

  /** Up to so many events from one on, that one included. Fewer only where the stream ends. */
  streamPage(streamId: string, from: number | 'end', maxCount: number, direction: Direction): Promise<RecordedEvent[]>;

  /** Up to so many entries of the log after a position. */
  logPage(after: Position, maxCount: number): Promise<LogPage>;

  ping(): Promise<void>;
}

export type Direction = 'forwards' | 'backwards';

export interface Written {
  readonly revision: number;
  /** Old servers do not tell it for a repeat. */
  readonly position: Position | undefined;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Whether the log ended with them. */
  readonly atEnd: boolean;
}

/** What stands at a position: no event where it is the server's own, or not JSON. */
export interface LogEntry {
  readonly position: Position;
  readonly event: RecordedEvent | undefined;
}

/** Appends and streams are asked of the leader: a follower may not have the latest of them yet. */
const requiresLeader = true;

/** @param timeoutMs a call that hears nothing of the server for so long has failed */
export function createGateway(supervisor: Supervisor, timeoutMs: number): Gateway {
  return {
    write(streamId, expected, events) {
      const written = events.map(eventDataOf);
      const options = { expectedRevision: revisionOption(expected), requiresLeader, deadline: timeoutMs };
      return supervisor.run(async (client) => {
        try {
          const appending = client.appendToStream(streamId, written, options);
          const { nextExpectedRevision, position } = await answerOf(appending, timeoutMs);
          return { revision: Number(nextExpectedRevision), position: position?.commit };
        } catch (error) {
          if (meaningOf(error) === 'wrong_revision') return 'wrong_revision';
          throw error;
        }
      });
    },

    streamPage(streamId, from, maxCount, direction) {
      const fromRevision = typeof from === 'number' ? BigInt(from) : from;
      return supervisor.run(async (client) => {
        try {
          const reading = client.readStream(streamId, { fromRevision, maxCount, direction, requiresLeader });
          const read = await collect(reading, timeoutMs);
          return read.flatMap((resolved) => recordedFrom(resolved) ?? []);
        } catch (error) {
          if (meaningOf(error) === 'no_stream') return [];
          throw error;
        }
      });
    },

    logPage(after, maxCount) {
      // A read from a position begins with the event that stands there.
      const options =
        after > 0n
          ? { fromPosition: { commit: after, prepare: after }, maxCount: maxCount + 1 }
          : { fromPosition: 'start' as const, maxCount };
      return supervisor.run(async (client) => {
        const read = await collect(client.readAll(options), timeoutMs);
        const entries = read.map((resolved) => ({ position: positionOf(resolved), event: recordedFrom(resolved) }));
        return { entries: entries.filter(({ position }) => position > after), atEnd: read.length < options.maxCount };
      });
    },

    ping() {
      return supervisor.run(async (client) => {
        await collect(client.readAll({ fromPosition: 'end', direction: 'backwards', maxCount: 1 }), timeoutMs);
      });
    },
  };
}
