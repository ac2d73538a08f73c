import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import type { Terms } from '@agentcal/shared/scheduling/model';
import type { EventTypeCommand, SettingsChanges } from './commands.ts';
import type { EventTypeEvent, EventTypeSettings } from './events.ts';

export const eventTypeId = 'evt_000000000000000000000000';
const accountId = 'acct_000000000000000000000000';

/** Of every kind that may be asked. */
export const questions = {
  type: 'object',
  required: ['topic'],
  properties: {
    topic: { type: 'string', minLength: 1, maxLength: 200, title: 'What is it about?' },
    budget: { type: 'number', minimum: 0 },
    contact: { type: 'string', format: 'email' },
    days: { type: 'array', items: { enum: ['mon', 'tue'] }, maxItems: 2, uniqueItems: true },
    address: { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false },
  },
};

export function settings(fields: Partial<EventTypeSettings> = {}, terms: Partial<Terms> = {}): EventTypeSettings {
  return {
    name: 'Consultation',
    slug: 'consultation',
    metadata: {},
    ...fields,
    terms: { duration_minutes: 30, buffer_before: 0, buffer_after: 10, min_notice_minutes: 120, ...terms },
  };
}

export function defined(fields: EventTypeSettings = settings()): EventTypeEvent {
  return {
    type: 'eventtype.defined.v1',
    data: { event_type_id: eventTypeId, account_id: accountId, settings: fields },
  };
}

export function changed(fields: EventTypeSettings): EventTypeEvent {
  return { type: 'eventtype.changed.v1', data: { event_type_id: eventTypeId, settings: fields } };
}

export const retired: EventTypeEvent = { type: 'eventtype.retired.v1', data: { event_type_id: eventTypeId } };

export function define(fields: EventTypeSettings = settings(), faults: readonly FieldFault[] = []): EventTypeCommand {
  return { type: 'DefineEventType', data: { eventTypeId, accountId, settings: fields, faults } };
}

export function change(changes: SettingsChanges, faults: readonly FieldFault[] = []): EventTypeCommand {
  return { type: 'ChangeEventType', data: { changes, faults } };
}

export const retire: EventTypeCommand = { type: 'RetireEventType', data: {} };
