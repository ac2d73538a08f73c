import { randomBytes } from 'node:crypto';
import { type Seed, seedOrganization } from '@agentcal/command-service/service';
import { createBookingLinkTokens } from '@agentcal/shared/http/booking-link';
import { hashKey, hintOf, newKey } from '@agentcal/shared/http/keys';
import { scopes } from '@agentcal/shared/http/principal';
import { deriveCalendarItemId, newId } from '@agentcal/shared/kernel/ids';
import type { Deps } from '@agentcal/shared/process/deps';
import { type Api, api, openShop, tenOClock } from '../api.fixture.ts';
import type { World } from './world.ts';

/** Of what is to be walked: where it is reached, its stores, and the keys of an organization that it has. */
export interface Product {
  readonly url: string;
  readonly deps: Pick<Deps, 'store' | 'bus' | 'clock'>;
  readonly testKeys: Seed;
}

/** Two organizations with one of everything each, and the keys that must not get far. */
export async function twoTenants({ url, deps, testKeys }: Product): Promise<World> {
  const other = {
    organizationId: newId('organization'),
    secretKey: '',
    publishableKey: '',
  };
  other.secretKey = newKey({ kind: 'secret', livemode: false, organizationId: other.organizationId });
  other.publishableKey = newKey({ kind: 'publishable', livemode: false, organizationId: other.organizationId });
  await seedOrganization(deps, other);
  const customer = api(url, testKeys.secretKey);
  const own = await oneOfEverything(customer);
  const foreign = await oneOfEverything(api(url, other.secretKey));
  // Links let in whoever has them; one of another installation's making must not.
  const links = createBookingLinkTokens(randomBytes(32));
  foreign['cancel-links'] = links.issue({ bookingId: foreign.bookings!, purpose: 'cancel' });
  foreign['reschedule-links'] = links.issue({ bookingId: foreign.bookings!, purpose: 'reschedule' });
  const narrow = await customer.send('POST', '/v1/keys', { name: 'Narrow', scopes: ['audit:read'] });
  const otherMode = newKey({ kind: 'secret', livemode: true, organizationId: testKeys.organizationId });
  const position = await issueLiveKey(deps, testKeys.organizationId, otherMode);
  const seen = await api(url, otherMode).get('/v1/accounts', { 'agentcal-min-position': String(position) });
  if (seen.status !== 200) throw new Error(`the live key is not known: ${JSON.stringify(seen.body)}`);
  const booking = {
    user_id: own.users,
    event_type_id: own['event-types'],
    start_time: tenOClock(9),
    attendee: { email: 'ada@example.com', name: 'Ada' },
  };
  const { attendee, start_time, ...of } = booking;
  const createSeries = { ...of, attendee, starts: [tenOClock(11)], on_conflict: 'as_many_as_fit' };
  const createSequence = { attendee, parts: [{ ...of, start_time: tenOClock(12) }] };
  return {
    url,
    keys: {
      full: testKeys.secretKey,
      otherMode,
      narrow: narrow.body.key,
      publishable: testKeys.publishableKey,
    },
    own,
    foreign,
    bodies: {
      rescheduleBooking: { start_time: tenOClock(6) },
      createBooking: booking,
      createHold: { ...of, start_time },
      createSeries,
      createSequence,
    },
  };
}

/** Ids by the collection that they follow in a path. */
async function oneOfEverything(customer: Api): Promise<Record<string, string>> {
  const shop = await openShop(customer);
  const made = async (path: string, body: object) => {
    const answer = await customer.send('POST', path, body);
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const make = async (path: string, body: object): Promise<string> => (await made(path, body)).id;
  const { attendee: _, ...hold } = shop.booking(tenOClock(5)) as { attendee: object };
  const rules = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time: '00:00', end_time: '24:00' }));
  await customer.send('PUT', `${shop.account}/schedule`, { timezone: 'UTC', rules });
  const soon = { start_time: tenOClock(20), end_time: tenOClock(21) };
  const booking = await made(`${shop.account}/bookings`, shop.booking(tenOClock(4)));
  return {
    accounts: shop.account.split('/').at(-1)!,
    users: shop.userId,
    'event-types': shop.eventTypeId,
    bookings: booking.id,
    'cancel-links': booking.cancel_url.split('/').at(-1),
    'reschedule-links': booking.reschedule_url.split('/').at(-1),
    holds: await make(`${shop.account}/holds`, hold),
    away: await make(`${shop.account}/users/${shop.userId}/away`, soon),
    webhooks: await make('/v1/webhooks', { url: 'https://hooks.example.com/in', events: ['booking.created'] }),
    keys: await make('/v1/keys', { name: 'Another' }),
    seats: deriveCalendarItemId('seat', shop.userId, 'a seat'),
  };
}

/** As the event that it is, since only a live key issues live keys. */
async function issueLiveKey({ store }: Product['deps'], organizationId: string, key: string): Promise<bigint> {
  const data = {
    organization_id: organizationId,
    key_id: newId('key'),
    name: 'Live',
    hash: hashKey(key),
    hint: hintOf(key),
    livemode: true,
    scopes,
  };
  const metadata = {
    occurred_at: new Date().toISOString(),
    organization_id: organizationId,
    livemode: true,
    actor: { kind: 'system', id: 'test' } as const,
    command_id: data.key_id,
    fingerprint: '',
    correlation_id: data.key_id,
  };
  const issued = { id: crypto.randomUUID(), type: 'organization.secret-key-issued.v1', data, metadata };
  const { position } = await store.append(`organization-${organizationId}`, 'any', [issued]);
  return position;
}
