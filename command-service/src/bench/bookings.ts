import { openBookingLinks } from '@agentcal/shared/http/booking-links';
import { newRequestId } from '@agentcal/shared/http/request-id';
import { openSlotTokens } from '@agentcal/shared/http/slot-key';
import { readConfig, requireEngines } from '@agentcal/shared/process/config';
import { createLogger } from '@agentcal/shared/process/logger';
import { openStores } from '@agentcal/shared/process/stores';
import { createAccountHolds } from '../account-holds/cap.ts';
import type { NewBooking } from '../calendar/requests/wire.ts';
import { createBooking } from '../calendar/routes/create-booking.ts';
import { openExecutor } from '../open-executor.ts';
import { authenticateFromLog } from '../organization/authenticate.ts';
import { createPlans } from '../scheduling/plans.ts';

/**
 * The write side without its HTTP edge, for the benchmark: a process of its own that makes bookings as its route does,
 * from as many callers at once as it is told. Started by deploy/bench with an IPC channel; its parent says what to book.
 */
export interface BookingWork {
  readonly key: string;
  readonly accountId: string;
  readonly callers: number;
  readonly bookings: readonly NewBooking[];
}

export interface BookingWorkDone {
  readonly perSecond: number;
  /** Processor time of this process alone, per booking. */
  readonly processorMicros: number;
  readonly tookMs: readonly number[];
}

await using resources = new AsyncDisposableStack();
const config = requireEngines(readConfig(process.env));
const log = createLogger({ level: 'error', service: 'bench' });
const { store, bus, vault, clock } = await openStores({ config, log, resources });
const executor = openExecutor({ store, bus, clock });
const links = await openBookingLinks(vault, () => 'http://localhost');
const slots = await openSlotTokens(vault);
const plans = createPlans({ executor, slots });
const deps = { executor, vault, clock, slots, links, plans, accountHolds: createAccountHolds(executor) };
const authenticate = authenticateFromLog(executor, clock);

process.on('message', (work: BookingWork) => void carryOut(work).then((done) => process.send!(done)));
process.send!('ready');
await new Promise((resolve) => process.once('disconnect', resolve));
executor.close();

async function carryOut({ key, accountId, callers, bookings }: BookingWork): Promise<BookingWorkDone> {
  const principal = (await authenticate(key, { headers: {} }))!;
  const url = `/v1/accounts/${accountId}/bookings`;
  const surroundings = { method: 'POST', url, headers: {}, params: { account_id: accountId }, query: {}, principal };
  const tookMs: number[] = [];
  let next = 0;
  const cpu = process.cpuUsage();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let body = bookings[next++]; body; body = bookings[next++]) {
        const begun = performance.now();
        await createBooking(deps, { ...surroundings, id: newRequestId(), body });
        tookMs.push(performance.now() - begun);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: bookings.length / seconds, processorMicros: (user + system) / bookings.length, tookMs };
}
