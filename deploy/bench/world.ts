import type { AllInOne } from '../all-in-one/app.ts';
import type { Request } from './load.ts';

/** An account with people who can always be booked, made through the API. */
export interface World {
  readonly organizationId: string;
  readonly accountId: string;
  readonly eventTypeId: string;
  readonly userIds: readonly string[];
  /** Headers of a request with the test key. */
  readonly headers: Readonly<Record<string, string>>;
  /** The n-th booking of a calendar: every one has a time of its own and an attendee of its own. */
  booking(userId: string, n: number): Request;
}

const alwaysOpen = Array.from({ length: 7 }, (_, day_of_week) => ({
  day_of_week,
  start_time: '00:00',
  end_time: '24:00',
}));
const quarter = 15 * 60_000;

export async function makeWorld({ url, testKeys }: AllInOne, users: number): Promise<World> {
  const headers = { authorization: `Bearer ${testKeys.secretKey}`, 'content-type': 'application/json' };
  const send = async (method: string, path: string, body: object) => {
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  const { id: accountId } = await send('POST', '/v1/accounts', { name: 'Bench' });
  const account = `/v1/accounts/${accountId}`;
  const { id: eventTypeId } = await send('POST', `${account}/event-types`, { name: 'Quarter', duration_minutes: 15 });
  const userIds: string[] = [];
  for (let index = 0; index < users; index++) {
    const { id } = await send('POST', `${account}/users`, {
      name: `Host ${index}`,
      email: `host${index}@bench.test`,
      timezone: 'UTC',
    });
    await send('PUT', `${account}/users/${id}/schedule`, { timezone: 'UTC', rules: alwaysOpen });
    userIds.push(id);
  }
  const first = Math.ceil(Date.now() / quarter) * quarter + 86_400_000;
  return {
    organizationId: testKeys.organizationId,
    accountId,
    eventTypeId,
    userIds,
    headers,
    booking: (userId, n) => ({
      method: 'POST',
      path: `${account}/bookings`,
      headers,
      body: JSON.stringify({
        user_id: userId,
        event_type_id: eventTypeId,
        start_time: new Date(first + n * quarter).toISOString(),
        attendee: { email: `guest-${userId}-${n}@bench.test`, name: 'Guest' },
      }),
    }),
  };
}
