import type { SnapshotPolicy } from '../executor/port.ts';

/**
 * A calendar that is not in memory is folded from its newest snapshot and what followed. The version goes up whenever
 * the same events come to another state, be it by one more field: `snapshots.test.ts` notices.
 */
export const snapshots: SnapshotPolicy = { version: 1, everyEvents: 500 };
