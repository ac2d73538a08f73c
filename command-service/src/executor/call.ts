import type { Bus } from '@agentcal/shared/bus/port';
import type { EventStore } from '@agentcal/shared/event-store/port';
import type { Catalogue } from '@agentcal/shared/kernel/catalogue';
import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { Command } from '@agentcal/shared/kernel/decider';
import type { DomainEvent } from '@agentcal/shared/kernel/event';
import type { Budget } from './pauses.ts';
import type { Aggregate } from './port.ts';
import type { Moment, StreamFold } from './stream-fold.ts';

/** One call of `execute`, when its turn has come. */
export interface Call<C extends Command, S, E extends DomainEvent> {
  readonly aggregate: Aggregate<C, S, E>;
  readonly fold: StreamFold<C, S, E>;
  readonly command: C;
  readonly context: CommandContext;
  readonly ifRevision: number | undefined;
  /** When it was asked: a refusal rests on a state at least this new. */
  readonly arrival: Moment;
  readonly budget: Budget;
  /** Tells this call's reservation from another's. */
  readonly nonce: string;
}

export interface CallDeps {
  readonly store: EventStore;
  readonly bus: Bus;
  readonly catalogue: Catalogue;
}
