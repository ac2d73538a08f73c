import { seedOrganization } from '@agentcal/command-service/service';
import { newKey } from '@agentcal/shared/http/keys';
import { newId } from '@agentcal/shared/kernel/ids';
import { publicEventTypes } from '@agentcal/shared/resources/webhook';
import { executorTiming } from '../processes/command-process.ts';
import type { Engines } from '../processes/engines.ts';
import { Life } from '../world/life.ts';
import type { World } from '../world/line.ts';
import type { Random } from '../world/random.ts';
import { type Place, send } from './browser.ts';
import type { Asked } from './history.ts';
import { endpointUrl, everyDay } from './wishes.ts';

/** A customer of the product, with what is there before anybody books. */
export interface Tenant {
  readonly organizationId: string;
  readonly secretKey: string;
  /** May do the same, until somebody revokes it. */
  readonly spareKey: { readonly id: string; readonly secret: string };
  readonly accountId: string;
  readonly timezone: string;
  readonly userIds: readonly string[];
  readonly eventTypes: readonly OfferedType[];
}

export interface OfferedType {
  readonly id: string;
  /** Who attends is for the product to find. */
  readonly isTeam: boolean;
  readonly settings: {
    readonly duration_minutes: number;
    readonly seats?: number;
    readonly requires_confirmation?: unknown;
  };
}

const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];

const offers = [
  { duration_minutes: 30 },
  { duration_minutes: 30, buffer_before: 10, buffer_after: 15 },
  { duration_minutes: 60, slot_interval_minutes: 15, buffer_before: 15 },
  { duration_minutes: 45, buffer_after: 5, limits: [{ per: 'day', count: 4 }] },
  { duration_minutes: 30, seats: 2 },
  { duration_minutes: 20, seats: 3, buffer_after: 10 },
  { duration_minutes: 30, requires_confirmation: true, confirm_within_minutes: 3 },
  { duration_minutes: 30, min_notice_minutes: 45, starts: 'any' },
];

/** All of them, or one of some who are always joined by another. */
function teamOffer(random: Random, userIds: readonly string[]) {
  const hosts = userIds.map((user_id) => ({ user_id }));
  const [first, ...others] = hosts;
  const rotating = [{ ...first, fixed: true }, ...others];
  return random.pick([
    { duration_minutes: 30, assignment: 'collective', hosts },
    { duration_minutes: 30, buffer_after: 10, assignment: 'collective', hosts },
    { duration_minutes: 30, assignment: 'round_robin', hosts },
    { duration_minutes: 45, buffer_before: 5, assignment: 'round_robin', hosts: rotating },
    { duration_minutes: 30, assignment: 'collective', hosts, requires_confirmation: true, confirm_within_minutes: 4 },
  ]);
}

/** Makes a tenant by the API, while nothing goes wrong yet. */
export async function createTenant(
  name: string,
  world: World,
  engines: Engines,
  place: Place,
  users: number,
): Promise<Tenant> {
  const { random, scheduler } = world;
  const bytes = (size: number) => random.bytes(size);
  const organizationId = newId('organization', bytes);
  const key = (kind: 'secret' | 'publishable') => newKey({ kind, livemode: false, organizationId }, bytes);
  const [secretKey, publishableKey] = [key('secret'), key('publishable')];
  const founder = new Life('founder', scheduler, random);
  const ports = {
    store: engines.log.connect(founder),
    bus: engines.bus.connect(founder),
    clock: founder.clock,
    timing: executorTiming(founder),
  };
  await seedOrganization(ports, { organizationId, secretKey, publishableKey });
  founder.crash();

  let asked = 0;
  const ask = async (method: Asked['method'], url: string, body: object) => {
    const answer = await send(world, place, secretKey, { method, url, body, key: `${name}-setup-${++asked}` });
    if (!answer || answer.status >= 300) throw new Error(`${method} ${url}: ${JSON.stringify(answer)}`);
    return answer.body as { readonly id: string; readonly key: string };
  };
  const make = async (...args: Parameters<typeof ask>): Promise<string> => (await ask(...args)).id;
  const spare = await ask('POST', '/v1/keys', { name: 'spare' });
  const spareKey = { id: spare.id, secret: spare.key };
  const accountId = await make('POST', '/v1/accounts', { name });
  await make('POST', '/v1/webhooks', { url: endpointUrl, events: publicEventTypes });
  const userIds: string[] = [];
  for (let n = 0; n < users; n += 1) {
    const timezone = random.pick(zones);
    const user = { name: `${name} ${n}`, email: `user${n}@example.test`, timezone };
    const userId = await make('POST', `/v1/accounts/${accountId}/users`, user);
    const hours = { timezone, rules: everyDay('00:00', '24:00') };
    await make('PUT', `/v1/accounts/${accountId}/users/${userId}/schedule`, hours);
    userIds.push(userId);
  }
  const eventTypes: OfferedType[] = [];
  const team = userIds.length > 1 ? [teamOffer(random, userIds)] : [];
  for (const [n, settings] of [...team, random.pick(offers), random.pick(offers), random.pick(offers)].entries()) {
    const id = await make('POST', `/v1/accounts/${accountId}/event-types`, { name: `Offer ${n}`, ...settings });
    eventTypes.push({ id, settings, isTeam: 'assignment' in settings });
  }
  const timezone = random.pick(zones);
  return { organizationId, secretKey, spareKey, accountId, timezone, userIds, eventTypes };
}
