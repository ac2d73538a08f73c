import { setTimeout as pause } from 'node:timers/promises';
import { commandIdFrom } from '@agentcal/shared/kernel/ids';
import { minute, toIso } from '@agentcal/shared/kernel/time';
import { type Answer, api } from '../api.fixture.ts';
import type { Invocation, Outcome, What } from './history.ts';
import type { Random } from './random.ts';

/** What clients ask for, and of whom. */
export interface Town {
  readonly account: string;
  readonly users: readonly string[];
  readonly eventTypes: readonly {
    readonly id: string;
    readonly gridMinutes: number;
    /** Who attends is said by the event type. */
    readonly hasHosts: boolean;
  }[];
  /** All times that are asked for are in so many days from here on. */
  readonly start: number;
  readonly days: number;
  readonly organizationId: string;
  readonly key: string;
  /** Where the command services listen that are not known to be down. */
  readonly doors: () => readonly string[];
}

interface Asking {
  readonly what: What;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly subject?: string;
  readonly start?: string;
}

/** An invocation while it is made. */
export interface Made extends Invocation {
  readonly asking: Asking;
  readonly idempotencyKey: string;
  readonly tries: Outcome[];
}

const patienceMs = 5_000;
/** Then the outcome stays unknown. */
const triesEach = 5;

/**
 * Clients that want the same few hours of the same few people, and each other's bookings. All they do is recorded. They
 * know a booking from their own answers alone.
 */
export class Clients {
  readonly invocations: Made[] = [];
  answers = 0;
  readonly #town: Town;
  readonly #bookings: string[] = [];
  readonly #holds: string[] = [];

  constructor(town: Town) {
    this.#town = town;
  }

  /** One client, until there are enough answers. */
  async run(random: Random, name: string, until: () => boolean): Promise<void> {
    for (let n = 0; !until(); n += 1) {
      const asking = this.#wish(random);
      const made = this.#invocation(asking, `${name}-${n}`);
      await this.#insist(made, random);
      // Some ask again although they were answered.
      if (random.next() < 0.15) await this.#attempt(made, random);
      if (random.next() < 0.1) await this.#attempt(random.pick(this.invocations), random);
    }
  }

  /** All clients together ask once more for what nobody knows the outcome of, but for some who have given up. */
  async settle(randoms: readonly Random[]): Promise<void> {
    const open = this.invocations.filter(({ tries }) => tries.every(({ kind }) => kind === 'unknown'));
    const settleSome = async (random: Random) => {
      for (let made = open.pop(); made; made = open.pop()) if (random.next() < 0.8) await this.#insist(made, random);
    };
    await Promise.all(randoms.map(settleSome));
  }

  #invocation(asking: Asking, idempotencyKey: string): Made {
    const commandId = commandIdFrom(this.#town.organizationId, `test\n${idempotencyKey}`);
    const { what, subject, start } = asking;
    const made = { commandId, what, ...(subject && { subject }), ...(start && { start }), tries: [] };
    const whole: Made = { ...made, asking, idempotencyKey };
    this.invocations.push(whole);
    return whole;
  }

  async #insist(made: Made, random: Random): Promise<void> {
    for (let tried = 0; tried < triesEach; tried += 1) {
      const outcome = await this.#attempt(made, random);
      if (outcome.kind !== 'unknown') return;
      await pause(20 * 2 ** tried + random.below(100));
    }
  }

  async #attempt(made: Made, random: Random): Promise<Outcome> {
    const { method, path, body } = made.asking;
    while (this.#town.doors().length === 0) await pause(20);
    const calls = api(random.pick(this.#town.doors()), this.#town.key, patienceMs);
    const askedAt = Date.now();
    const outcome = await calls
      .send(method, this.#town.account + path, body, { 'idempotency-key': made.idempotencyKey })
      .then(
        (answer) => outcomeOf(answer, askedAt),
        (error): Outcome => ({ kind: 'unknown', why: String(error.cause?.code ?? error.name) }),
      );
    made.tries.push(outcome);
    if (outcome.kind === 'acknowledged') this.#learn(made.what, outcome);
    this.answers += 1;
    return outcome;
  }

  #learn(what: What, { id, bookings = [] }: { readonly id: string; readonly bookings?: readonly string[] }): void {
    if (what === 'hold') this.#holds.push(id);
    if (what === 'series' || what === 'sequence') this.#bookings.push(...bookings);
    if (what === 'book' || what === 'book-held') this.#bookings.push(id);
  }

  #wish(random: Random): Asking {
    const what = random.pick(wishes);
    // The newest are wanted most.
    const recent = (ids: readonly string[]) => ids.at(-1 - random.below(Math.min(ids.length, 12)));
    const booking = recent(this.#bookings);
    const hold = recent(this.#holds);
    switch (what) {
      case 'book':
        return this.#placing(random, 'book', '/bookings', attendee(random));
      case 'book-held': {
        if (!hold) break;
        const body = { hold_id: hold, ...attendee(random) };
        return { what, method: 'POST', path: '/bookings', body, subject: hold };
      }
      case 'release':
        if (!hold) break;
        return { what, method: 'DELETE', path: `/holds/${hold}`, subject: hold };
      case 'move': {
        if (!booking) break;
        const start_time = this.#start(random, 60);
        const path = `/bookings/${booking}`;
        return { what, method: 'PATCH', path, body: { start_time }, subject: booking, start: start_time };
      }
      case 'cancel':
        if (!booking) break;
        return { what, method: 'DELETE', path: `/bookings/${booking}`, subject: booking };
      case 'confirm':
      case 'decline':
        if (!booking) break;
        return { what, method: 'POST', path: `/bookings/${booking}/${what}`, body: {}, subject: booking };
      case 'series':
        return this.#series(random);
      case 'sequence':
        return this.#sequence(random);
      case 'hold':
        break;
    }
    return this.#placing(random, 'hold', '/holds', { ttl_seconds: 30 });
  }

  /** The same meeting at two or three times. */
  #series(random: Random): Asking {
    const { id, gridMinutes, hasHosts } = random.pick(this.#town.eventTypes);
    const starts = new Set(Array.from({ length: 3 }, () => this.#start(random, gridMinutes)));
    const on_conflict = random.pick(['all_or_nothing', 'as_many_as_fit']);
    const of = { ...(!hasHosts && { user_id: random.pick(this.#town.users) }), event_type_id: id };
    const body = { ...of, starts: [...starts], on_conflict, ...attendee(random) };
    return { what: 'series', method: 'POST', path: '/series', body };
  }

  /** Two meetings, both or neither. */
  #sequence(random: Random): Asking {
    const parts = [0, 1].map(() => {
      const { id, gridMinutes, hasHosts } = random.pick(this.#town.eventTypes);
      const user = !hasHosts && { user_id: random.pick(this.#town.users) };
      return { ...user, event_type_id: id, start_time: this.#start(random, gridMinutes) };
    });
    return { what: 'sequence', method: 'POST', path: '/sequences', body: { parts, ...attendee(random) } };
  }

  #placing(random: Random, what: 'book' | 'hold', path: string, more: object): Asking {
    const { id, gridMinutes, hasHosts } = random.pick(this.#town.eventTypes);
    const start_time = this.#start(random, gridMinutes);
    const user_id = random.pick(this.#town.users);
    const body = { ...(!hasHosts && { user_id }), event_type_id: id, start_time, ...more };
    return { what, method: 'POST', path, body, start: start_time };
  }

  #start(random: Random, gridMinutes: number): string {
    const { start, days } = this.#town;
    return toIso(start + random.below((days * 1_440) / gridMinutes) * gridMinutes * minute);
  }
}

const wishes: readonly What[] = [
  ...['book', 'book', 'book', 'book', 'hold', 'hold', 'hold', 'book-held', 'book-held', 'book-held'],
  ...['release', 'move', 'move', 'cancel', 'cancel', 'confirm', 'decline', 'series', 'sequence'],
] as What[];

function attendee(random: Random) {
  return { attendee: { email: `guest${random.below(20)}@example.test`, name: 'Guest' } };
}

function outcomeOf({ status, headers, body }: Answer, askedAt: number): Outcome {
  const position = headers.get('agentcal-position') ?? '';
  const bookings = body?.bookings?.map(({ id }: { id: string }) => id);
  if (status < 300)
    return { kind: 'acknowledged', id: body.id, position, at: Date.now(), ...(bookings && { bookings }) };
  if (status === 503) return { kind: 'unknown', why: body.code };
  return status < 500 ? { kind: 'refused', code: body.code, askedAt } : { kind: 'broken', status };
}
