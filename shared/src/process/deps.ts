import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Bus } from '../bus/port.ts';
import type { EventStore } from '../event-store/port.ts';
import type { Clock } from '../kernel/time.ts';
import type { Vault } from '../vault/port.ts';
import type { Config } from './config.ts';

/** What every service is made of. Handed in, never looked up. */
export interface Deps {
  readonly config: Config & { readonly databaseUrl: string };
  readonly log: Logger;
  readonly clock: Clock;
  readonly store: EventStore;
  readonly bus: Bus;
  readonly vault: Vault;
  readonly pool: Pool;
}
