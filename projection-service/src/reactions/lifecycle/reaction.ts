import { calendarEvents } from '@agentcal/command-service/calendar/events';
import { schedulingEvents } from '@agentcal/command-service/scheduling/events';
import { defineReaction, type Reaction } from '../../engine/consumer.ts';
import type { JobQueue } from '../../jobs/port.ts';
import { dueAfter, type TimedEvent } from './due.ts';
import { jobOf, type LifecycleJob } from './queue.ts';

/**
 * Sees to what only time brings about: a meeting ends, a request is not answered. And to what others may have left
 * undone: a plan, the parts of a booking that was cancelled. It enqueues the command for then; what has become of it by then
 * is for the calendar or the plan to say.
 */
export function lifecycleReaction(queue: Pick<JobQueue<LifecycleJob>, 'add'>): Reaction {
  return defineReaction({
    name: 'lifecycle',
    version: 1,
    definitions: [...calendarEvents, ...schedulingEvents],
    events: {
      'calendar.booking-created.v1': 'wanted',
      'calendar.booking-requested.v1': 'wanted',
      'calendar.booking-rescheduled.v1': 'wanted',
      'calendar.booking-declined.v1': 'wanted',
      'calendar.booking-cancelled.v1': 'wanted',
      'calendar.hold-released.v1': 'wanted',
      'scheduling.planned.v1': 'wanted',
      'calendar.booking-confirmed.v1': 'ignored',
      'calendar.booking-linked.v1': 'ignored',
      'calendar.booking-completed.v1': 'ignored',
      'calendar.booking-no-show.v1': 'ignored',
      'calendar.attendee-joined.v1': 'ignored',
      'calendar.attendee-left.v1': 'ignored',
      'calendar.part-claimed.v1': 'ignored',
      'calendar.part-released.v1': 'ignored',
      'calendar.opened.v1': 'ignored',
      'calendar.slot-held.v1': 'ignored',
      'scheduling.part-claimed.v1': 'ignored',
      'scheduling.part-refused.v1': 'ignored',
      'scheduling.completed.v1': 'ignored',
      'scheduling.undone.v1': 'ignored',
      'calendar.external-busy-mirrored.v1': 'ignored',
    },
    apply: async (trx, { events, quiet }) => {
      // Gone through again, the log asks for nothing: the jobs are there already, or done.
      if (quiet) return;
      const jobs = (events as readonly TimedEvent[]).flatMap((event) =>
        dueAfter(event).map((due) => jobOf(event, due)),
      );
      await queue.add(trx, jobs);
    },
  });
}
