import type { Request } from './load.ts';

/** An account with people in it, made through the API. */
export interface World {
  readonly organizationId: string;
  readonly accountId: string;
  /** Lasts a quarter of an hour. */
  readonly quarterId: string;
  /** Lasts half an hour. */
  readonly halfId: string;
  /** People who can always be booked. A part that needs calendars of its own takes them. */
  take(count: number): readonly string[];
  /** Somebody who works Monday to Friday, from nine to five in New York. */
  readonly clerkId: string;
  /** Headers of a request with the test key. */
  readonly headers: Readonly<Record<string, string>>;
  /** The n-th booking of a calendar: every one has a time of its own and an attendee of its own. */
  body(userId: string, n: number): object;
  booking(userId: string, n: number): Request;
}

const users = 140;
const alwaysOpen = Array.from({ length: 7 }, (_, day_of_week) => ({
  day_of_week,
  start_time: '00:00',
  end_time: '24:00',
}));
const quarter = 15 * 60_000;

export async function makeWorld(url: string, key: string): Promise<World> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const send = async (method: string, path: string, body: object) => {
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  const { id: accountId } = await send('POST', '/v1/accounts', { name: 'Bench' });
  const account = `/v1/accounts/${accountId}`;
  const eventType = async (name: string, duration_minutes: number) =>
    (await send('POST', `${account}/event-types`, { name, duration_minutes })).id;
  const [quarterId, halfId] = [await eventType('Quarter', 15), await eventType('Half', 30)];
  const user = async (name: string, timezone: string) => {
    const person = { name, email: `${name}@bench.test`, timezone };
    return (await send('POST', `${account}/users`, person)).id;
  };
  const userIds: string[] = [];
  for (let index = 0; index < users; index++) {
    const id = await user(`host${index}`, 'UTC');
    await send('PUT', `${account}/users/${id}/schedule`, { timezone: 'UTC', rules: alwaysOpen });
    userIds.push(id);
  }
  const first = Math.ceil(Date.now() / quarter) * quarter + 86_400_000;
  const body = (userId: string, n: number) => ({
    user_id: userId,
    event_type_id: quarterId,
    start_time: new Date(first + n * quarter).toISOString(),
    attendee: { email: `guest-${userId}-${n}@bench.test`, name: 'Guest' },
  });
  let taken = 0;
  return {
    organizationId: `org_${key.split('_')[2]!.slice(0, 24)}`,
    accountId,
    quarterId,
    halfId,
    clerkId: await user('clerk', 'America/New_York'),
    take: (count) => {
      if (taken + count > users) throw new Error('the world has too few people for these parts');
      taken += count;
      return userIds.slice(taken - count, taken);
    },
    headers,
    body,
    booking: (userId, n) => ({
      method: 'POST',
      path: `${account}/bookings`,
      headers,
      body: JSON.stringify(body(userId, n)),
    }),
  };
}
