export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what they expect to be there
  readonly body: any;
}

/** Calls the API as a customer would. */
export interface Api {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(
    method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

/** @param patienceMs after which a call fails that was not answered; by default it waits. */
export function api(url: string, key: string, patienceMs?: number): Api {
  const call = async (
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
      ...(patienceMs !== undefined && { signal: AbortSignal.timeout(patienceMs) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    send: (method, path, body, headers) => call(method, path, body, headers),
  };
}

export interface Shop {
  readonly account: string;
  readonly userId: string;
  readonly eventTypeId: string;
  /** Of the last write: reads that carry it see everything. */
  readonly position: string;
  booking(start: string, attendee?: string): object;
}

/** An account with one host who can be booked at any time, for half an hour. */
export async function openShop({ send }: Api): Promise<Shop> {
  const account = `/v1/accounts/${(await send('POST', '/v1/accounts', { name: 'Shop' })).body.id}`;
  const { id: userId } = (
    await send('POST', `${account}/users`, { name: 'Host', email: 'host@shop.test', timezone: 'UTC' })
  ).body;
  const rules = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({ day_of_week, start_time: '00:00', end_time: '24:00' }));
  await send('PUT', `${account}/users/${userId}/schedule`, { timezone: 'UTC', rules });
  const made = await send('POST', `${account}/event-types`, { name: 'Talk', duration_minutes: 30 });
  const { id: eventTypeId } = made.body;
  return {
    account,
    userId,
    eventTypeId,
    position: made.headers.get('agentcal-position') ?? '',
    booking: (start_time, attendee = 'ada@example.com') => ({
      user_id: userId,
      event_type_id: eventTypeId,
      start_time,
      attendee: { email: attendee, name: 'Ada' },
    }),
  };
}

/** Ten o'clock UTC, some days ahead. */
export function tenOClock(daysAhead: number): string {
  return `${new Date(Date.now() + daysAhead * 86_400_000).toISOString().slice(0, 10)}T10:00:00Z`;
}

/** Waits for what some other process brings about, and fails where it takes too long. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen in ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
