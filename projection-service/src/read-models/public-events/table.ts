import type { Booking } from '@agentcal/shared/resources/booking';
import type { PublicEventType } from '@agentcal/shared/resources/webhook';
import { big, defineTable, instant, integer, json, oneOf, text } from '../../engine/table.ts';
import { bookings } from '../bookings/table.ts';
import { tenant } from '../common.ts';

/** Which stored event was told, under which public name. */
const told = { event_id: text, type: oneOf<PublicEventType>(), told_at: instant, told_position: big };

/** Each booking as it was last told about: what the next event about it is told with. */
export const toldBookings = defineTable('told_bookings', { ...bookings.columns, ...told }, { key: ['id'] });

/** How many public events an organization has had in a mode, and the last of them. */
export const publicSequences = defineTable(
  'public_sequences',
  { ...tenant, last: integer, account_id: text, subject: text, ...told, data: json<Booking>() },
  { key: ['organization_id', 'livemode'] },
);

/** What customers are told, in order: webhooks and the event stream read it. `data` is the thing as it was after the event. */
export const publicEvents = defineTable(
  'public_events',
  { ...tenant, sequence: integer, account_id: text, subject: text, ...told, data: json<Booking>() },
  { key: ['organization_id', 'livemode', 'sequence'], indexes: [['event_id'], ['told_position']] },
);
