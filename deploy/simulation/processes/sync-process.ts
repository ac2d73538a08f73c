import { type Cause, createCommandSender, type MachineCommand } from '@agentcal/command-service/commands';
import { day, hour, minute } from '@agentcal/shared/kernel/time';
import type { Tenant } from '../clients/tenants.ts';
import type { Plant } from '../plants/plant.ts';
import { Life } from '../world/life.ts';
import type { World } from '../world/line.ts';
import { executorTiming } from './command-process.ts';
import type { Engines } from './engines.ts';

/** Says now and then what is in the users' external calendars, and again where it does not know whether it was heard. */
export function startSync(
  name: string,
  world: World,
  engines: Engines,
  plant: Plant,
  tenants: readonly Tenant[],
): Life {
  const { scheduler, random, faults } = world;
  const life = new Life(name, scheduler, random);
  const store = engines.log.connect(life);
  const sender = createCommandSender({
    store: plant.store?.(store, life) ?? store,
    bus: engines.bus.connect(life),
    clock: life.clock,
    timing: executorTiming(life),
  });
  const tell = async (command: MachineCommand, cause: Cause): Promise<void> => {
    while (life.isAlive) {
      try {
        return void (await sender.send(command, cause));
      } catch {
        await life.pass(random.between(200, 3_000));
      }
    }
  };
  const again = () => {
    if (faults.isCalm) return;
    const tenant = random.pick(tenants);
    const from = Math.ceil(scheduler.now / (15 * minute)) * 15 * minute;
    const busy = Array.from({ length: random.below(3) }, () => {
      const start = from + random.below(24) * 15 * minute;
      return { start, end: start + random.pick([15, 30, 90]) * minute };
    });
    const command: MachineCommand = {
      type: 'mirror-external-busy',
      user_id: random.pick(tenant.userIds),
      source: `conn:${random.below(2)}`,
      window: { start: from - day, end: from + 8 * hour },
      busy,
    };
    const id = `${name} ${random.next()}`;
    const { organizationId, accountId } = tenant;
    const actor = { kind: 'provider', id: 'conn' } as const;
    const cause: Cause = { id, organizationId, accountId, livemode: false, actor };
    tell(command, cause).then(() => life.after(random.between(4_000, 20_000), again));
  };
  life.after(random.between(1_000, 10_000), again);
  return life;
}
