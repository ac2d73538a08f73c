import type { ConsumedEvent } from '../engine/consumer.ts';
import { big, boolean, instant, integer, text } from '../engine/table.ts';

/** Whose it is. In every row and every where: another organization's or mode's things are not there. */
export const tenant = { organization_id: text, livemode: boolean };

/** Of the stream that the row is folded from. */
export const history = {
  /** Revision of the last event about it: its ETag. */
  revision: integer,
  /** Where the log first speaks of it. Never changes, so lists go by it. */
  position: big,
  created_at: instant,
};

type Recorded = Pick<ConsumedEvent, 'metadata' | 'revision' | 'position'>;

export function tenantOf({ metadata }: Recorded) {
  return { organization_id: metadata.organization_id, livemode: metadata.livemode };
}

export function beginning(event: Recorded) {
  return { revision: event.revision, position: Number(event.position), created_at: happenedAt(event) };
}

export function happenedAt({ metadata }: Pick<Recorded, 'metadata'>): number {
  return Date.parse(metadata.occurred_at);
}

/** The row with what changed and the event's revision; nothing where there is no row to change. */
export function changed<R extends { readonly revision: number }>(
  row: R | undefined,
  { revision }: Pick<Recorded, 'revision'>,
  change: Partial<R> = {},
): R | undefined {
  return row && { ...row, ...change, revision };
}
