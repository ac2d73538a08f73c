import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { Command } from '@agentcal/shared/kernel/decider';
import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { commandIdFrom } from '@agentcal/shared/kernel/ids';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import { Type } from 'typebox';

/** An aggregate to try the executor on: seats, each taken once. */

export const SeatTaken = defineEvent('row.seat-taken.v2', Type.Object({ seat: Type.String(), by: Type.String() }), {
  'row.seat-taken.v1': ({ place, by }: { place: string; by: string }) => ({ seat: place, by }),
});

export type RowEvent = EventOf<typeof SeatTaken>;
export type TakeSeats = Command<'TakeSeats', { seats: readonly string[]; by: string }>;
export type Row = Readonly<Record<string, string>>;

export const row = {
  category: 'row',
  initial: {} as Row,
  decide({ data: { seats, by } }: TakeSeats, taken: Row): readonly RowEvent[] {
    if (seats.some((seat) => taken[seat] !== undefined && taken[seat] !== by)) throw new Refusal('slot_taken');
    return seats.filter((seat) => !taken[seat]).map((seat) => ({ type: SeatTaken.type, data: { seat, by } }));
  },
  evolve: (taken: Row, { data: { seat, by } }: RowEvent): Row => ({ ...taken, [seat]: by }),
};

export function take(by: string, ...seats: readonly string[]): TakeSeats {
  return { type: 'TakeSeats', data: { by, seats } };
}

export const organizationId = 'org_000000000000000000000000';

/** The context of a request with that idempotency key, or without one. */
export function context(key: string | undefined, fields: Partial<CommandContext> = {}): CommandContext {
  const commandId = commandIdFrom(organizationId, key);
  return {
    commandId,
    fingerprint: 'POST /seats',
    organizationId,
    livemode: false,
    actor: { kind: 'key', id: 'key_1' },
    correlationId: commandId,
    at: Date.parse('2030-05-01T10:00:00Z'),
    ...fields,
  };
}
