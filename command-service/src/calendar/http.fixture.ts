import { deriveId } from '@agentcal/shared/kernel/ids';
import { type Call, testService } from '../testing.ts';

/** A Thursday, 10:00 UTC: what the service's test clock says. */
export const now = Date.parse('2030-05-02T10:00:00Z');
export const friday9 = '2030-05-03T09:00:00Z';

/** An account with one host in UTC, office hours, and one event type of half an hour, for tests of the HTTP side. */
export async function openShop(t: Parameters<typeof testService>[0], options: Parameters<typeof testService>[1] = {}) {
  const service = await testService(t, options);
  const { test: key, live, issue, organizationId } = await service.register();
  const send = (method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown, more: Partial<Call> = {}) =>
    service.call(method, path, { key, body, ...more });
  const made = async (path: string, body: object) => (await send('POST', path, body)).body.id as string;

  const account = `/v1/accounts/${await made('/v1/accounts', { name: 'Acme' })}`;
  const userId = await made(`${account}/users`, { name: 'John', email: 'john@acme.test', timezone: 'UTC' });
  const eventTypeId = await made(`${account}/event-types`, { name: 'Consultation', duration_minutes: 30 });
  const attendee = { email: 'mia@example.test', name: 'Mia' };
  const booking = (change: object = {}) => ({
    user_id: userId,
    event_type_id: eventTypeId,
    start_time: friday9,
    attendee,
    ...change,
  });
  const idempotent = (name: string) => ({ headers: { 'idempotency-key': name } });
  const define = (settings: object) =>
    made(`${account}/event-types`, { name: 'Other', duration_minutes: 30, ...settings });
  return {
    ...service,
    organizationId,
    key,
    live,
    issue,
    send,
    made,
    account,
    userId,
    eventTypeId,
    booking,
    idempotent,
    define,
  };
}

/** An id of the right shape that names nothing. */
export const unknownUser = deriveId('user', 'nobody');
