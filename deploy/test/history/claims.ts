import type { RecordedEvent } from '@agentcal/shared/kernel/event';
import { minute } from '@agentcal/shared/kernel/time';
import { type Violation, violation } from './history.ts';

/**
 * No two claims of one calendar overlap, each with its own buffers, and what is said of a booking or hold is said while
 * it lives. Told without the product's own code: a calendar is a row of cells of five minutes, each with whoever has it.
 */
export function claimRules(log: readonly RecordedEvent[]): Violation[] {
  const calendars = new Map<string, Cells>();
  const found: Violation[] = [];
  for (const event of log) {
    if (!event.streamId.startsWith('calendar-')) continue;
    const cells = calendars.get(event.streamId) ?? new Cells(found);
    calendars.set(event.streamId, cells);
    cells.apply(event);
  }
  return found;
}

interface Claim {
  readonly id: string;
  /** The booking that it is, or is a part of. What is its own is in nobody's way while it moves. */
  readonly booking: string;
  readonly cells: readonly number[];
  /** When it stops taking time by itself. */
  readonly expiresAt: number;
}

interface Claiming {
  readonly start_time: string;
  readonly end_time: string;
  readonly expires_at?: string;
  readonly judged_by: { readonly buffer_before: number; readonly buffer_after: number };
}

interface Data extends Claiming {
  /** Absent in holds. */
  readonly booking_id: string;
  readonly hold_id?: string;
  readonly part_id?: string;
  readonly user_id: string;
  readonly user_ids?: readonly string[];
}

const cellMs = 5 * minute;

class Cells {
  readonly #takenBy = new Map<number, readonly Claim[]>();
  readonly #claims = new Map<string, Claim>();
  readonly #ended = new Set<string>();
  readonly #found: Violation[];

  constructor(found: Violation[]) {
    this.#found = found;
  }

  apply(event: RecordedEvent): void {
    const data = event.data as Data;
    const at = Date.parse(event.metadata.occurred_at);
    const where = `${event.streamId}@${event.revision}`;
    switch (event.type) {
      case 'calendar.slot-held.v1':
        this.#place(data.hold_id!, data, at, where);
        break;
      case 'calendar.part-claimed.v1':
        this.#consume(data.hold_id, at, where);
        this.#place(data.part_id!, data, at, where);
        break;
      case 'calendar.hold-released.v1':
        this.#end(data.hold_id!);
        break;
      case 'calendar.part-released.v1':
        this.#end(data.part_id!);
        break;
      case 'calendar.booking-created.v1':
      case 'calendar.booking-requested.v1':
        this.#consume(data.hold_id, at, where);
        this.#free(data.part_id);
        this.#place(data.booking_id, data, at, where);
        break;
      case 'calendar.booking-rescheduled.v1':
        this.#requireLife(data.booking_id, where);
        this.#free(data.part_id);
        this.#free(data.booking_id);
        this.#place(data.booking_id, data, at, where);
        break;
      case 'calendar.booking-confirmed.v1':
        this.#requireLife(data.booking_id, where);
        this.#settle(data.booking_id);
        break;
      case 'calendar.booking-cancelled.v1':
      case 'calendar.booking-declined.v1':
        this.#requireLife(data.booking_id, where);
        this.#end(data.booking_id);
        break;
    }
  }

  #place(id: string, data: Data, at: number, where: string): void {
    const { start_time, end_time, expires_at, judged_by, user_id, user_ids, booking_id } = data;
    if (this.#ended.has(id)) this.#found.push(violation('nothing follows the end', `${where}: ${id}`));
    const attends = user_ids === undefined || user_ids.includes(user_id);
    const from = (Date.parse(start_time) - judged_by.buffer_before * minute) / cellMs;
    const to = (Date.parse(end_time) + judged_by.buffer_after * minute) / cellMs;
    if (!Number.isInteger(from) || !Number.isInteger(to)) throw new Error(`${where} is not on a grid of five minutes`);
    const cells = attends ? Array.from({ length: to - from }, (_, index) => from + index) : [];
    const expiresAt = expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires_at);
    const claim: Claim = { id, booking: booking_id ?? id, cells, expiresAt };
    const there = cells.flatMap((cell) => this.#takenBy.get(cell) ?? []);
    const rival = there.find((other) => other.expiresAt > at && other.booking !== claim.booking);
    if (rival) this.#found.push(violation('no overlap', `${where}: ${id} meets ${rival.id}`));
    for (const cell of cells) {
      const others = (this.#takenBy.get(cell) ?? []).filter((other) => other.expiresAt > at);
      this.#takenBy.set(cell, [...others, claim]);
    }
    this.#claims.set(id, claim);
  }

  /** A hold becomes something else, once, and only while it lives. */
  #consume(holdId: string | undefined, at: number, where: string): void {
    if (holdId === undefined) return;
    const hold = this.#claims.get(holdId);
    if (!hold || hold.expiresAt <= at || this.#ended.has(holdId)) {
      this.#found.push(violation('a live hold becomes one booking', `${where}: ${holdId}`));
    }
    this.#end(holdId);
  }

  #requireLife(id: string, where: string): void {
    if (!this.#claims.has(id) || this.#ended.has(id)) {
      this.#found.push(violation('nothing follows the end', `${where}: ${id}`));
    }
  }

  /** It no longer expires. */
  #settle(id: string): void {
    const claim = this.#claims.get(id);
    if (!claim) return;
    const settled = { ...claim, expiresAt: Number.POSITIVE_INFINITY };
    this.#claims.set(id, settled);
    this.#replace(claim, [settled]);
  }

  #end(id: string): void {
    this.#free(id);
    this.#ended.add(id);
  }

  #free(id: string | undefined): void {
    const claim = id === undefined ? undefined : this.#claims.get(id);
    if (claim) this.#replace(claim, []);
  }

  #replace(claim: Claim, instead: readonly Claim[]): void {
    for (const cell of claim.cells) {
      const others = (this.#takenBy.get(cell) ?? []).filter((other) => other.id !== claim.id);
      this.#takenBy.set(cell, [...others, ...instead]);
    }
  }
}
