import type { Booking } from '@agentcal/shared/resources/booking';
import type { PublicEventType } from '@agentcal/shared/resources/webhook';
import t from 'tap';
import { envelopeOf } from './envelope.ts';

const links = { addTo: (booking: Booking): Booking => ({ ...booking, cancel_url: `to cancel ${booking.seat_id}` }) };

t.test('nobody is sent the link to the seat of another one', async (t) => {
  const told = (type: PublicEventType) => {
    const data = { id: 'bkg_1', seat_id: 'seat_of_the_first', seats_taken: 2 } as Booking;
    return envelopeOf({ type, data, told_at: new Date(0) } as Parameters<typeof envelopeOf>[0], links).data;
  };
  t.match(told('booking.created'), { cancel_url: 'to cancel seat_of_the_first' });
  for (const type of ['booking.attendee_joined', 'booking.attendee_left'] as const) {
    t.equal(told(type).cancel_url, undefined, type);
  }
});
