import { randomBytes } from 'node:crypto';
import t from 'tap';
import { deriveCalendarItemId, deriveId } from '../kernel/ids.ts';
import { createBookingLinkTokens } from './booking-link.ts';

const userId = deriveId('user', 'one');
const bookingId = deriveCalendarItemId('booking', userId, 'one');
const seatId = deriveCalendarItemId('seat', userId, 'one');
const links = createBookingLinkTokens(randomBytes(32));

t.test('says which booking, which seat and for what', async (t) => {
  for (const link of [
    { bookingId, purpose: 'cancel' },
    { bookingId, purpose: 'reschedule' },
    { bookingId, seatId, purpose: 'cancel' },
  ] as const) {
    const token = links.issue(link);
    t.match(token, /^link_[0-9a-z]{104}$/);
    t.same(links.read(token), link);
    t.equal(links.issue(link), token, 'the same each time');
  }
});

t.test('cannot be made up', async (t) => {
  const token = links.issue({ bookingId, purpose: 'cancel' });
  const refused = (text: string) => t.throws(() => links.read(text), { code: 'not_found' }, text.slice(0, 30));
  for (let at = 'link_'.length; at < token.length; at += 1) {
    const letter = token[at] === '0' ? '1' : '0';
    refused(token.slice(0, at) + letter + token.slice(at + 1));
  }
  for (const text of ['', 'link_', bookingId, token.toUpperCase(), `${token}0`, token.slice(0, -1), `x${token}`]) {
    refused(text);
  }
  refused(createBookingLinkTokens(randomBytes(32)).issue({ bookingId, purpose: 'cancel' }));
});
