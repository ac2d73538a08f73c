import { big, defineTable, instant, integer, json, nullable, text } from '../../engine/table.ts';
import { tenant } from '../common.ts';
import type { PackedBusy, PackedClaims } from './pack.ts';

/** Every hold and booking that takes time or will have taken it, by id. Its changes feed `calendar_spans`. */
export const claims = defineTable(
  'claims',
  {
    id: text,
    ...tenant,
    user_id: text,
    event_type_id: text,
    start_time: instant,
    end_time: instant,
    buffer_before_ms: big,
    buffer_after_ms: big,
    /** Blocks nothing from then on, whether or not the row is still there. */
    expires_at: nullable(instant),
    seats_taken: nullable(integer),
  },
  { key: ['id'] },
);

/**
 * Everything that makes one user's time busy within 28 days, packed: one availability request reads one or
 * two of these rows instead of hundreds. `pack.ts` knows what is in it.
 */
export const calendarSpans = defineTable(
  'calendar_spans',
  { user_id: text, span: integer, ...tenant, claims: json<PackedClaims>(), busy: json<PackedBusy>() },
  { key: ['user_id', 'span'] },
);
