import { type Static, Type } from 'typebox';
import { Metadata } from '../http/schemas.ts';
import { Assignment, EventTypeHost, HostGroup } from '../scheduling/assignment.ts';
import { Schedule, Terms } from '../scheduling/model.ts';
import { ChangePolicy } from './change-policy.ts';

/** `true`: every booking waits for the host. With a number: only those that start sooner than that. */
export const ConfirmationRule = Type.Union([
  Type.Boolean(),
  Type.Object(
    { below_notice_minutes: Type.Integer({ minimum: 1, maximum: 527_040 }) },
    { additionalProperties: false },
  ),
]);
export type ConfirmationRule = Static<typeof ConfirmationRule>;

/** An event type. The fields of `Terms` stand beside the others; notice is shown in minutes and in hours. */
export const EventType = Type.Object(
  {
    id: Type.String(),
    account_id: Type.String(),
    name: Type.String(),
    slug: Type.String(),
    description: Type.Union([Type.String(), Type.Null()]),
    location: Type.Union([Type.String(), Type.Null()]),
    ...Terms.properties,
    assignment: Assignment,
    hosts: Type.Optional(Type.Array(EventTypeHost, { description: 'Also those who have been removed since' })),
    groups: Type.Optional(Type.Array(HostGroup)),
    hours: Type.Optional(Schedule),
    min_notice_hours: Type.Number(),
    requires_confirmation: ConfirmationRule,
    confirm_within_minutes: Type.Optional(Type.Integer()),
    cancellation: Type.Optional(ChangePolicy),
    rescheduling: Type.Optional(ChangePolicy),
    questions: Type.Optional(Type.Record(Type.String(), Type.Any())),
    metadata: Metadata,
    created_at: Type.String(),
  },
  { title: 'EventType' },
);
export type EventType = Static<typeof EventType>;

/** What the log says of an event type, in the shape of its events. */
export interface EventTypeFacts {
  readonly id: string;
  readonly accountId: string;
  readonly createdAt: string;
  readonly settings: {
    readonly name: string;
    readonly slug: string;
    readonly description?: string;
    readonly location?: string;
    readonly terms: Terms;
    readonly assignment?: Assignment;
    readonly hosts?: EventTypeHost[];
    readonly groups?: HostGroup[];
    readonly hours?: Schedule;
    readonly requires_confirmation?: ConfirmationRule;
    readonly confirm_within_minutes?: number;
    readonly cancellation?: ChangePolicy;
    readonly rescheduling?: ChangePolicy;
    readonly questions?: Record<string, unknown>;
    readonly metadata: Record<string, string>;
  };
}

/** The one way from the log's shape to the API's, for writes and reads alike. */
export function showEventType({ id, accountId, createdAt, settings }: EventTypeFacts): EventType {
  const {
    terms,
    assignment = 'single',
    hosts,
    groups,
    hours,
    description = null,
    location = null,
    requires_confirmation = false,
    metadata,
  } = settings;
  return {
    id,
    account_id: accountId,
    name: settings.name,
    slug: settings.slug,
    description,
    location,
    ...terms,
    assignment,
    ...(hosts && { hosts }),
    ...(groups && { groups }),
    ...(hours && { hours }),
    min_notice_hours: terms.min_notice_minutes / 60,
    requires_confirmation,
    ...(settings.confirm_within_minutes !== undefined && { confirm_within_minutes: settings.confirm_within_minutes }),
    ...(settings.cancellation && { cancellation: settings.cancellation }),
    ...(settings.rescheduling && { rescheduling: settings.rescheduling }),
    ...(settings.questions && { questions: settings.questions }),
    metadata,
    created_at: createdAt,
  };
}
