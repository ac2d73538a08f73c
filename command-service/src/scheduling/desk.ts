import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { type Instant, toIso } from '@agentcal/shared/kernel/time';
import type { CalendarCommand, Rules } from '../calendar/commands.ts';
import * as calendar from '../calendar/decider.ts';
import type { CalendarEvent } from '../calendar/events.ts';
import { rulesFrom } from '../calendar/requests/rules.ts';
import type { CalendarState } from '../calendar/state/state.ts';
import type { KnownEventType } from '../event-type/decider.ts';
import type { Executor, Loaded } from '../executor/port.ts';
import { findAnyUser } from '../user/access.ts';
import type { KnownUser } from '../user/decider.ts';

/**
 * Everything that one request is judged by, looked up once. Calendars on it can be written to as if commands had been
 * carried out, so that the bookings of one request see each other; the log knows nothing of that.
 */
export class Desk {
  readonly executor: Executor;
  readonly accountId: string;
  readonly at: Instant;
  readonly #fresh: boolean;
  readonly #calendars = new Map<string, CalendarState>();
  readonly #rules = new Map<string, Promise<Rules>>();

  /** @param fresh reads the calendars as they are now: what is refused rests on that. */
  constructor(executor: Executor, { accountId, at, fresh }: { accountId: string; at: Instant; fresh: boolean }) {
    this.executor = executor;
    this.accountId = accountId;
    this.at = at;
    this.#fresh = fresh;
  }

  /** Those that were asked for. */
  get calendars(): Iterable<CalendarState> {
    return this.#calendars.values();
  }

  async calendarOf(userId: string): Promise<CalendarState> {
    let state = this.#calendars.get(userId);
    if (!state) {
      ({ state } = await this.executor.load(calendar, userId, { fresh: this.#fresh }));
      this.#calendars.set(userId, state);
    }
    return state;
  }

  async userOf(userId: string): Promise<KnownUser> {
    return (await findAnyUser(this.executor, this.accountId, userId)).state;
  }

  rulesOf(eventType: Loaded<KnownEventType>, user: KnownUser, shownIn?: string): Promise<Rules> {
    const key = `${eventType.state.id} ${user.id}`;
    const known = this.#rules.get(key) ?? rulesFrom(this.executor, eventType, user, { at: this.at, shownIn });
    this.#rules.set(key, known);
    return known;
  }

  /** What a command would lead to in a calendar, which is as if it had from here on. @throws {Refusal} */
  async suppose(userId: string, command: CalendarCommand): Promise<readonly FoldedEvent<CalendarEvent>[]> {
    const before = await this.calendarOf(userId);
    const occurred_at = toIso(Math.max(this.at, before.latest));
    const events = calendar.decide(command, before).map((event): FoldedEvent<CalendarEvent> => {
      return { ...event, revision: 0, metadata: { occurred_at } };
    });
    this.#calendars.set(userId, events.reduce<CalendarState>(calendar.evolve, before));
    return events;
  }
}
