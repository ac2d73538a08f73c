import type { World } from '../world/line.ts';
import { type Place, send } from './browser.ts';
import { type Asked, type Entry, finalAnswer, isFinal, newEntry } from './history.ts';
import type { Tenant } from './tenants.ts';
import { type Known, otherPayload, rivalOf, wish } from './wishes.ts';

export interface ClientDeps {
  readonly world: World;
  readonly places: readonly Place[];
  readonly tenant: Tenant;
  /** Whose things this client asks for by mistake, now and then. */
  readonly stranger: Tenant;
  readonly history: Entry[];
}

/** An agent that books, holds, moves and cancels; that does not wait long for answers, and asks again. */
export class Client {
  readonly #name: string;
  readonly #deps: ClientDeps;
  readonly #known: Known;
  #asked = 0;
  #isPatient = false;

  constructor(name: string, deps: ClientDeps, known: Known) {
    this.#name = name;
    this.#deps = deps;
    this.#known = known;
  }

  /** From now on it asks until it is answered. */
  persist(): void {
    this.#isPatient = true;
  }

  async run(steps: number): Promise<void> {
    const { scheduler, random } = this.#deps.world;
    for (let step = 0; step < steps; step += 1) {
      await scheduler.pass(random.chance(0.08) ? random.between(30_000, 240_000) : random.between(0, 2_500));
      this.#asked += 1;
      const asked = wish(this.#deps, this.#known, `${this.#name}-${this.#asked}`);
      if (asked) await this.#carryOut(asked);
    }
  }

  async #carryOut(asked: Asked): Promise<void> {
    const { random } = this.#deps.world;
    // The same request at the same time, from an impatient client: it goes to two processes.
    const twin = random.chance(0.12) ? this.#persevere(asked) : undefined;
    // And somebody who wants the very same for themselves.
    const isWanted = asked.method === 'POST' && /(bookings|series|sequences)$/.test(asked.url);
    const rival = isWanted && random.chance(0.4) ? this.#compete(asked) : undefined;
    await this.#persevere(asked);
    await twin;
    await rival;
    if (random.chance(0.06)) await this.#persevere(asked);
    if (random.chance(0.06) && asked.body) await this.#persevere({ ...asked, body: otherPayload(this.#deps, asked) });
  }

  /** At about the same time: before, while or after the other one is decided. */
  async #compete(asked: Asked): Promise<void> {
    const { scheduler, random } = this.#deps.world;
    await scheduler.pass(random.between(0, 90));
    await this.#persevere(rivalOf(this.#deps, asked));
  }

  /** Asks again with the same key while it does not know what became of it, or gives up. */
  async #persevere(asked: Asked): Promise<void> {
    const { world, places, tenant, history } = this.#deps;
    const { scheduler, random } = world;
    const entry = newEntry(this.#name, tenant.organizationId, asked, scheduler.now);
    history.push(entry);
    for (let tried = 0; this.#isPatient || tried < 6; tried += 1) {
      const place = random.pick(places);
      scheduler.note(this.#name, `${asked.method} ${shorten(asked)} to ${place.name}`);
      const isSpare = random.chance(0.15);
      entry.tries.push({ at: scheduler.now, isSpare });
      const answer = await send(world, place, isSpare ? tenant.spareKey.secret : tenant.secretKey, asked);
      entry.answers.push(answer);
      scheduler.note(this.#name, `${asked.key}: ${answer ? `${answer.status} ${answer.body.code ?? ''}` : 'silence'}`);
      if (isFinal(answer)) return this.#learn(entry);
      if (random.chance(0.15) && !this.#isPatient) return;
      await scheduler.pass(random.between(50, 3_000));
    }
  }

  #learn(entry: Entry): void {
    const answer = finalAnswer(entry);
    if (!answer || answer.status >= 300) return;
    const id = String(answer.body.id);
    for (const { id } of (answer.body.bookings ?? []) as { id: string }[]) this.#known.bookings.push(id);
    if (id.startsWith('whk_') && entry.method === 'POST') this.#known.webhooks.push(id);
    if (id.startsWith('hold_') && entry.method === 'POST') this.#known.holds.push(id);
    if (id.startsWith('bkg_') && !this.#known.bookings.includes(id)) this.#known.bookings.push(id);
    const [, userId] = /users\/([^/]+)\/away$/.exec(entry.url) ?? [];
    if (userId !== undefined) this.#known.away.push({ userId, awayId: id });
    const seatId = answer.body.seat_id;
    if (typeof seatId === 'string') this.#known.seats.push({ bookingId: id, seatId });
  }
}

function shorten({ url, body, key }: Asked): string {
  const start = (body as { start_time?: string } | undefined)?.start_time ?? '';
  return `${url.replace(/acct_\w+/, 'acct')} ${start} as ${key}`;
}
