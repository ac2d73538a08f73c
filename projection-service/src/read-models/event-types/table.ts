import type { EventTypeSettings } from '@agentcal/command-service/event-type/events';
import { big, boolean, defineTable, json, text } from '../../engine/table.ts';
import { history, tenant } from '../common.ts';

/** An event type as it is now, or as it was when it was retired: its bookings stay, and can be moved. */
export const eventTypes = defineTable(
  'event_types',
  {
    id: text,
    ...tenant,
    account_id: text,
    settings: json<EventTypeSettings>(),
    /** Not to be found any more by who does not come from one of its bookings. */
    retired: boolean,
    /** How far before and after a range of starts a calendar has to be known to judge them. */
    reach_before_ms: big,
    reach_after_ms: big,
    /** Whether it has to be known from today on, however far ahead the range is. */
    reach_from_now: boolean,
    ...history,
  },
  { key: ['id'], indexes: [['account_id', 'position']] },
);
