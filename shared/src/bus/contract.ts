import { deepEqual, doesNotThrow, equal } from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Bus, Messages } from './port.ts';

/** One bus, seen from two places that may be two processes. `failures` collects what the bus reports. */
export interface Subject {
  readonly bus: Bus;
  readonly other: Bus;
  readonly failures: unknown[];
  teardown(): Promise<void>;
}

type Appended = Messages['log.appended'];

const appended = (revision: number): Appended => ({
  streamId: 'calendar-user_1',
  revision,
  position: `${revision + 1}`,
});
const advanced = (position: string): Messages['projection.advanced'] => ({ projection: 'bookings', position });

/**
 * What every bus does. Delivery is best effort, so a check says its word again until it is heard; what must not
 * be heard is known by something that was said later and was.
 */
const checks: readonly { title: string; prove: (subject: Subject) => Promise<void> }[] = [
  {
    title: 'everyone who subscribes hears, here and elsewhere',
    prove: async ({ bus, other }) => {
      const ears = [hear(bus), hear(bus), hear(other)];
      await until(
        () => ears.every(({ heard }) => heard.length > 0),
        () => bus.publish('log.appended', appended(1)),
      );
      for (const { heard, stop } of ears) {
        deepEqual(heard[0], appended(1));
        stop();
      }
    },
  },
  {
    title: 'publishing returns before anyone hears',
    prove: async ({ bus }) => {
      const ear = hear(bus);
      bus.publish('log.appended', appended(1));
      equal(ear.heard.length, 0);
      await until(
        () => ear.heard.length > 0,
        () => bus.publish('log.appended', appended(1)),
      );
      ear.stop();
    },
  },
  {
    title: 'what is said from one place is heard in the order in which it was said',
    prove: async ({ bus, other }) => {
      const ear = hear(other);
      await until(
        () => ear.heard.length > 0,
        () => bus.publish('log.appended', appended(0)),
      );
      for (let revision = 1; revision <= 50; revision++) bus.publish('log.appended', appended(revision));
      await until(() => ear.heard.some(({ revision }) => revision === 50));
      deepEqual(
        ear.heard.map(({ revision }) => revision).filter((revision) => revision > 0),
        Array.from({ length: 50 }, (_, index) => index + 1),
      );
      ear.stop();
    },
  },
  {
    title: 'topics are apart',
    prove: async ({ bus, other }) => {
      const positions: string[] = [];
      const stop = other.subscribe('projection.advanced', ({ position }) => positions.push(position));
      await until(
        () => positions.includes('9'),
        () => {
          bus.publish('log.appended', appended(1));
          bus.publish('projection.advanced', advanced('9'));
        },
      );
      equal(
        positions.every((position) => position === '9'),
        true,
      );
      stop();
    },
  },
  {
    title: 'who has unsubscribed hears no more, and the same function subscribed twice is two subscriptions',
    prove: async ({ bus, other }) => {
      const heard: Appended[] = [];
      const listener = (message: Appended) => heard.push(message);
      const stops = [other.subscribe('log.appended', listener), other.subscribe('log.appended', listener)];
      await until(
        () => heard.length >= 2,
        () => bus.publish('log.appended', appended(1)),
      );
      stops[0]?.();
      stops[0]?.();
      await until(
        () => heard.some(({ revision }) => revision === 2),
        () => bus.publish('log.appended', appended(2)),
      );
      stops[1]?.();
      const ear = hear(other);
      await until(
        () => ear.heard.some(({ revision }) => revision === 3),
        () => bus.publish('log.appended', appended(3)),
      );
      equal(
        heard.some(({ revision }) => revision === 3),
        false,
      );
      ear.stop();
    },
  },
  {
    title: 'a listener that throws harms nobody else, and is reported',
    prove: async ({ bus, failures }) => {
      const stop = bus.subscribe('log.appended', () => {
        throw new Error('a listener broke');
      });
      const ear = hear(bus);
      await until(
        () => ear.heard.length > 0 && failures.length > 0,
        () => bus.publish('log.appended', appended(1)),
      );
      stop();
      ear.stop();
    },
  },
  {
    title: 'what the publisher does to a message afterwards is not heard',
    prove: async ({ bus }) => {
      const ear = hear(bus);
      await until(
        () => ear.heard.length > 0,
        () => {
          const message = appended(1);
          bus.publish('log.appended', message);
          message.revision = 2;
        },
      );
      equal(
        ear.heard.every(({ revision }) => revision === 1),
        true,
      );
      ear.stop();
    },
  },
  {
    title: 'a closed bus is silent and takes everything',
    prove: async ({ bus, other }) => {
      const ear = hear(bus);
      const witness = hear(other);
      await bus.close();
      if (other === bus) bus.publish('log.appended', appended(1));
      else
        await until(
          () => witness.heard.length > 0,
          () => other.publish('log.appended', appended(1)),
        );
      await delay(1);
      equal(ear.heard.length, 0);
      doesNotThrow(() => bus.publish('log.appended', appended(1)));
      doesNotThrow(() => bus.subscribe('log.appended', () => {})());
      await bus.close();
    },
  },
];

/** Runs the contract against one adapter. The last check closes `bus`. */
export async function busContract(t: Test, name: string, create: () => Promise<Subject>): Promise<void> {
  await t.test(`${name} keeps the contract of a bus`, async (t) => {
    const subject = await create();
    t.teardown(() => subject.teardown());
    for (const check of checks) await t.resolves(check.prove(subject), check.title);
  });
}

/** Collects what one place hears of appends. */
export function hear(bus: Bus): { heard: Appended[]; stop: () => void } {
  const heard: Appended[] = [];
  return { heard, stop: bus.subscribe('log.appended', (message) => heard.push(message)) };
}

/** Does something again and again until it shows. */
export async function until(shows: () => boolean, act: () => void = () => {}): Promise<void> {
  for (const deadline = Date.now() + 15_000; !shows(); ) {
    if (Date.now() > deadline) throw new Error('not heard in time');
    act();
    await delay(5);
  }
}
