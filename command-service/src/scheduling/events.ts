import { Metadata } from '@agentcal/shared/http/schemas';
import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { SealedText } from '@agentcal/shared/vault/schema';
import { type Static, Type } from 'typebox';
import { JudgedBy } from '../calendar/events.ts';

/**
 * What can have happened to a plan: one request that needs the time of several calendars, or several times of one.
 * Stream `scheduling-{commandId}`. It is where such a request is decided; the calendars only hold what it decided.
 *
 * The events of one attempt carry its number. See README.md for the steps between them.
 */

/** A claim that an attempt needs on one calendar. */
export const PlannedPart = Type.Object({
  user_id: Type.String(),
  /** Names the claim in that calendar; a hold's id where the plan is to hold. Another attempt has other ones. */
  part_id: Type.String(),
  /** The live hold of that calendar which becomes this part. */
  hold_id: Type.Optional(Type.String()),
  /** The claim of that calendar which is not in its way: the booking's own, where it is being moved. */
  instead_of: Type.Optional(Type.String()),
});
export type PlannedPart = Static<typeof PlannedPart>;

/** One booking or hold that the plan is to come to, with everything that a stranger needs to finish it. */
export const PlannedItem = Type.Object({
  /** The booking; the hold of the home calendar where the plan is to hold. */
  booking_id: Type.String(),
  /** Whose calendar records it. */
  user_id: Type.String(),
  event_type_id: Type.String(),
  start_time: Type.String(),
  end_time: Type.String(),
  /** Everybody who attends, the lead first. */
  user_ids: Type.Array(Type.String()),
  parts: Type.Array(PlannedPart),
  judged_by: JudgedBy,
  /** Whose local hour the grid followed, where hosts meet across zones. */
  grid_timezone: Type.Optional(Type.String()),
  /** Where it waits for the host: until when. */
  expires_at: Type.Optional(Type.String()),
});
export type PlannedItem = Static<typeof PlannedItem>;

/** What is to be claimed. Nothing is claimed yet. */
export const Planned = defineEvent(
  'scheduling.planned.v1',
  Type.Object({
    plan_id: Type.String(),
    account_id: Type.String(),
    /** Counts from 1. The next one follows when this one has been undone. */
    attempt: Type.Integer(),
    kind: Type.Enum(['book', 'hold', 'move']),
    /** Whether every item has to fit, or as many as can are booked. */
    mode: Type.Enum(['all', 'fitting']),
    items: Type.Array(PlannedItem),
    /** What was asked for and could not even be planned. */
    misfits: Type.Optional(Type.Array(Type.Object({ start_time: Type.String(), code: Type.String() }))),
    attendee: Type.Optional(SealedText),
    metadata: Type.Optional(Metadata),
    series_id: Type.Optional(Type.String()),
    /** Of a hold: until when, and who placed it. */
    hold: Type.Optional(Type.Object({ expires_at: Type.String(), holder: Type.String() })),
    /** Of a move. */
    reason: Type.Optional(SealedText),
    by: Type.Optional(Type.Enum(['host', 'attendee'])),
    /** The booking's revision that the caller had read. */
    if_revision: Type.Optional(Type.Integer()),
  }),
);

/** One calendar holds these parts of the attempt. Always beside what that led to. */
export const PlanPartClaimed = defineEvent(
  'scheduling.part-claimed.v1',
  Type.Object({
    plan_id: Type.String(),
    attempt: Type.Integer(),
    user_id: Type.String(),
    part_ids: Type.Array(Type.String()),
  }),
);

/**
 * A calendar did not take these parts. Without `completed` beside it, the attempt is to be undone, and can never be
 * completed any more. Does not say that every other calendar has taken its own.
 */
export const PlanPartRefused = defineEvent(
  'scheduling.part-refused.v1',
  Type.Object({
    plan_id: Type.String(),
    attempt: Type.Integer(),
    /** Absent where nobody refused, and somebody else took over a plan that had come to a halt. */
    user_id: Type.Optional(Type.String()),
    part_ids: Type.Array(Type.String()),
    /** A problem code. */
    code: Type.String(),
  }),
);

/**
 * Decided: these bookings, holds or moves happen. Their calendars say so a moment later, whoever carries it there.
 * Parts of items that are not named are given back.
 */
export const PlanCompleted = defineEvent(
  'scheduling.completed.v1',
  Type.Object({ plan_id: Type.String(), attempt: Type.Integer(), booking_ids: Type.Array(Type.String()) }),
);

/**
 * Nothing of the attempt is left in any calendar. With `code`, that is the answer for good. Without one, another
 * attempt may follow. After `completed` only where a booking was closed before it could be moved.
 */
export const PlanUndone = defineEvent(
  'scheduling.undone.v1',
  Type.Object({ plan_id: Type.String(), attempt: Type.Integer(), code: Type.Optional(Type.String()) }),
);

export const schedulingEvents = [Planned, PlanPartClaimed, PlanPartRefused, PlanCompleted, PlanUndone] as const;

export type SchedulingEvent = EventOf<(typeof schedulingEvents)[number]>;
