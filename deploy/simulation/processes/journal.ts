import { calendarEvents } from '@agentcal/command-service/calendar/events';
import { defineReaction, type MemoryTransaction, projections } from '@agentcal/projection-service/simulation';

export const journalTable = 'simulation.journal';

/**
 * A reaction that writes down what it was told, in its own transaction, and what the read model showed it then. It
 * stands for every reaction that enqueues a job.
 */
export const journal = defineReaction({
  name: 'journal',
  version: 1,
  definitions: calendarEvents,
  events: Object.fromEntries(calendarEvents.map(({ type }) => [type, 'wanted'])) as never,
  after: projections.filter(({ name }) => name === 'bookings'),
  apply: async (trx, { events, quiet }) => {
    const rows = trx as unknown as MemoryTransaction;
    for (const { id, type, streamId, position, data } of events) {
      const told = Number(rows.get(journalTable, id)?.told ?? 0) + 1;
      // A part may be there before the booking that it is for.
      const bookingId = type.includes('.part-') ? undefined : (data as { booking_id?: string }).booking_id;
      const seen = bookingId !== undefined && rows.get('read.bookings', bookingId) !== undefined;
      const order = rows.all(journalTable).length;
      rows.set(journalTable, id, { id, streamId, position: Number(position), told, order, quiet, bookingId, seen });
    }
  },
});
