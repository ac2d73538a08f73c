import { eventTypeEvents } from '@agentcal/command-service/event-type/events';
import { defineProjection } from '../../engine/consumer.ts';
import { beginning, changed, tenantOf } from '../common.ts';
import { reachOf } from './reach.ts';
import { eventTypes } from './table.ts';

const byEventType = (event: { data: { event_type_id: string } }) => [{ id: event.data.event_type_id }];

/** One row per event type. */
export const eventTypesProjection = defineProjection({
  name: 'event-types',
  version: 3,
  definitions: eventTypeEvents,
  tables: { event_types: eventTypes },
  on: {
    'eventtype.defined.v1': {
      event_types: {
        keys: byEventType,
        fold: (_, event) => ({
          id: event.data.event_type_id,
          ...tenantOf(event),
          account_id: event.data.account_id,
          settings: event.data.settings,
          retired: false,
          ...reachOf(event.data.settings.terms),
          ...beginning(event),
        }),
      },
    },
    'eventtype.changed.v1': {
      event_types: {
        keys: byEventType,
        fold: (row, event) =>
          changed(row, event, { settings: event.data.settings, ...reachOf(event.data.settings.terms) }),
      },
    },
    'eventtype.retired.v1': {
      event_types: { keys: byEventType, fold: (row, event) => changed(row, event, { retired: true }) },
    },
  },
});
