import { calendarEvents } from '@agentcal/command-service/calendar/events';
import { fromKysely, type PgBoss } from 'pg-boss';
import { defineReaction, type Reaction } from '../../engine/consumer.ts';
import { dueAfter, type TimedEvent } from './due.ts';
import { enqueueDue, jobOf } from './queue.ts';

/**
 * Sees to what only time brings about: a meeting ends, a request is not answered. It enqueues the command for then; what
 * has become of the booking by then is for the calendar to say.
 */
export function lifecycleReaction(boss: PgBoss): Reaction {
  return defineReaction({
    name: 'lifecycle',
    version: 1,
    definitions: calendarEvents,
    events: {
      'calendar.booking-created.v1': 'wanted',
      'calendar.booking-requested.v1': 'wanted',
      'calendar.booking-rescheduled.v1': 'wanted',
      'calendar.booking-confirmed.v1': 'ignored',
      'calendar.booking-declined.v1': 'ignored',
      'calendar.booking-cancelled.v1': 'ignored',
      'calendar.booking-linked.v1': 'ignored',
      'calendar.booking-completed.v1': 'ignored',
      'calendar.booking-no-show.v1': 'ignored',
      'calendar.attendee-joined.v1': 'ignored',
      'calendar.attendee-left.v1': 'ignored',
      'calendar.part-claimed.v1': 'ignored',
      'calendar.part-released.v1': 'ignored',
      'calendar.opened.v1': 'ignored',
      'calendar.slot-held.v1': 'ignored',
      'calendar.hold-released.v1': 'ignored',
      'calendar.external-busy-mirrored.v1': 'ignored',
    },
    apply: async (trx, { events, quiet }) => {
      // Gone through again, the log asks for nothing: the jobs are there already, or done.
      if (quiet) return;
      const jobs = (events as readonly TimedEvent[]).flatMap((event) =>
        dueAfter(event).map((due) => jobOf(event, due)),
      );
      await enqueueDue(boss, jobs, fromKysely(trx as never));
    },
  });
}
