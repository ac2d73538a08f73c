import type { Bus, Messages, Topic } from '@agentcal/shared/bus/port';
import type { Life } from '../world/life.ts';
import type { World } from '../world/line.ts';

interface Subscription {
  readonly life: Life;
  readonly topic: Topic;
  readonly listener: (message: never) => void;
}

/** The bus between processes: messages are lost, told twice, and overtake each other. */
export class SharedBus {
  readonly #world: World;
  readonly #subscriptions = new Set<Subscription>();

  constructor(world: World) {
    this.#world = world;
  }

  connect(life: Life): Bus {
    return {
      publish: (topic, message) => {
        for (const one of this.#subscriptions) if (one.topic === topic) this.#tell(one, message);
      },
      subscribe: <T extends Topic>(topic: T, listener: (message: Messages[T]) => void) => {
        const subscription = { life, topic, listener };
        this.#subscriptions.add(subscription);
        life.onEnd(() => this.#subscriptions.delete(subscription));
        return () => this.#subscriptions.delete(subscription);
      },
      close: async () => {},
    };
  }

  #tell({ life, listener }: Subscription, message: Messages[Topic]): void {
    const { faults, random } = this.#world;
    const times = faults.strikes(random, 'messageLost') ? 0 : faults.strikes(random, 'messageTwice') ? 2 : 1;
    for (let n = 0; n < times; n += 1) {
      life.after(faults.latencyMs(random) * random.between(1, 5), () => listener({ ...message } as never));
    }
  }
}
