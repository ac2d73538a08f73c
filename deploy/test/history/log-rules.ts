import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { type Violation, violation } from './history.ts';

/** What any log must be, whatever is in it. */
export function logRules(log: readonly RecordedEvent[]): Violation[] {
  const found: Violation[] = [];
  const ends = new Map<string, number>();
  const ids = new Set<string>();
  let before = 0n;
  for (const { id, streamId, revision, position } of log) {
    const expected = (ends.get(streamId) ?? -1) + 1;
    if (revision !== expected) found.push(violation('dense revisions', `${streamId}: ${revision} for ${expected}`));
    if (position <= before) found.push(violation('growing positions', `${streamId}@${revision}: ${position}`));
    // Where ids are not unique in the log (EventStoreDB), they are in a stream.
    const place = `${streamId} ${id}`;
    if (ids.has(place)) found.push(violation('an event once', `${streamId}@${revision}: ${id}`));
    ends.set(streamId, revision);
    ids.add(place);
    before = position;
  }
  return found;
}
