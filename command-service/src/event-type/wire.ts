import { Metadata } from '@agentcal/shared/http/schemas';
import { bodyOf } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { ChangePolicy } from '@agentcal/shared/resources/change-policy';
import { ConfirmationRule } from '@agentcal/shared/resources/event-type';
import { Assignment, EventTypeHost, HostGroup } from '@agentcal/shared/scheduling/assignment';
import { Schedule, Terms } from '@agentcal/shared/scheduling/model';
import { type Static, type TNull, type TProperties, type TUnion, Type } from 'typebox';
import type { SettingsChanges } from './commands.ts';
import type { EventTypeSettings } from './events.ts';

/** The shape in which the API takes an event type: flat, with notice in hours or in minutes. */

const terms = Type.Required(Terms).properties;

const named = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  slug: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 100 }),
  metadata: Metadata,
};

/** Fields that always have a value. */
const lasting = {
  duration_minutes: terms.duration_minutes,
  buffer_before: terms.buffer_before,
  buffer_after: terms.buffer_after,
  min_notice_minutes: terms.min_notice_minutes,
  min_notice_hours: Type.Number({ minimum: 0, maximum: 8_784, description: 'Either this or min_notice_minutes' }),
};

/** Fields that may be without one. */
const passing = {
  description: Type.String({ maxLength: 2_000 }),
  location: Type.String({ maxLength: 500 }),
  durations: terms.durations,
  slot_interval_minutes: terms.slot_interval_minutes,
  start_offset_minutes: terms.start_offset_minutes,
  booking_window: terms.booking_window,
  limits: terms.limits,
  seats: terms.seats,
  starts: terms.starts,
  first_slot_of_day_only: terms.first_slot_of_day_only,
  assignment: { ...Assignment, description: 'Who of the hosts has to be there; without one it is single' },
  hosts: Type.Array(EventTypeHost, { maxItems: 200, description: 'Without them a booking names any user' }),
  groups: Type.Array(HostGroup, { maxItems: 50 }),
  hours: { ...Schedule, description: 'Hold instead of the account’s hours, besides each host’s own' },
  requires_confirmation: ConfirmationRule,
  confirm_within_minutes: Type.Integer({ minimum: 1, maximum: 43_200 }),
  cancellation: { ...ChangePolicy, description: 'When hosts and attendees may cancel; absent: until the start' },
  rescheduling: { ...ChangePolicy, description: 'When hosts and attendees may move a booking' },
  questions: Type.Record(Type.String(), Type.Any(), { description: "JSON Schema of a booking's `answers`" }),
};

export const NewEventType = Type.Object({
  ...Type.Partial(Type.Object({ ...named, ...lasting, ...passing })).properties,
  name: named.name,
  duration_minutes: terms.duration_minutes,
});
export type NewEventType = Static<typeof NewEventType>;

export const EventTypePatch = Type.Partial(Type.Object({ ...named, ...lasting, ...orNull(passing) }), {
  minProperties: 1,
  description: 'What is absent stays as it is; null takes an optional field away',
});
export type EventTypePatch = Static<typeof EventTypePatch>;

function orNull<T extends TProperties>(fields: T): { [K in keyof T]: TUnion<[T[K], TNull]> } {
  const nullable = Object.entries(fields).map(([name, schema]) => [name, Type.Union([schema, Type.Null()])]);
  return Object.fromEntries(nullable);
}

export function settingsFrom(body: NewEventType, eventTypeId: string): EventTypeSettings {
  const { terms: given, ...settings } = changesFrom(body) as Partial<EventTypeSettings>;
  return {
    metadata: {},
    ...settings,
    name: body.name,
    slug: body.slug ?? slugFrom(body.name, eventTypeId),
    terms: {
      buffer_before: 0,
      buffer_after: 0,
      min_notice_minutes: 0,
      ...given,
      duration_minutes: body.duration_minutes,
    },
  };
}

/** @throws {Refusal} where notice is given twice */
export function changesFrom(body: EventTypePatch): SettingsChanges {
  const { min_notice_hours, min_notice_minutes, ...fields } = body;
  if (min_notice_hours !== undefined && min_notice_minutes !== undefined) throw noticeTwice();
  const notice = min_notice_hours === undefined ? min_notice_minutes : Math.round(min_notice_hours * 60);
  const ofTerms: Record<string, unknown> = notice === undefined ? {} : { min_notice_minutes: notice };
  const others: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) (field in terms ? ofTerms : others)[field] = value;
  return { ...others, terms: ofTerms };
}

function noticeTwice(): Refusal {
  const detail = 'must not be given beside min_notice_minutes';
  return new Refusal('invalid_request', `/body/min_notice_hours ${detail}`, {
    errors: [{ pointer: '/body/min_notice_hours', detail }],
  });
}

/** `30 min Consultation – café` becomes `30-min-consultation-cafe`; a name without Latin letters or digits, its id. */
export function slugFrom(name: string, eventTypeId: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return words?.join('-').slice(0, 100).replace(/-$/, '') ?? bodyOf(eventTypeId);
}
