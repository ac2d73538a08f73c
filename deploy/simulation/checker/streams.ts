import type { Found } from './check.ts';

/** Every stream is numbered from 0 without holes, every event stands once, and positions only grow. */
export function checkStreams({ log }: Pick<Found, 'log'>): string[] {
  const revisions = new Map<string, number>();
  const ids = new Set<string>();
  let last = 0n;
  return log.flatMap(({ id, streamId, revision, position }): string[] => {
    const before = revisions.get(streamId) ?? -1;
    const faults = [
      ...(revision === before + 1 ? [] : [`${streamId} goes from ${before} to ${revision}`]),
      ...(ids.has(id) && !streamId.startsWith('snapshot-')
        ? [`event ${id} stands twice, again in ${streamId} ${revision}`]
        : []),
      ...(position > last ? [] : [`position ${position} comes after ${last}`]),
    ];
    revisions.set(streamId, revision);
    ids.add(id);
    last = position;
    return faults;
  });
}
