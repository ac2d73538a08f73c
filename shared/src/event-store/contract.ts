import type { Test } from 'tap';
import { appendChecks } from './contract/append.ts';
import type { Check, Handles } from './contract/check.ts';
import { followChecks } from './contract/follow.ts';
import { logChecks } from './contract/log.ts';
import { raceChecks } from './contract/races.ts';
import { repeatChecks } from './contract/repeats.ts';
import { streamChecks } from './contract/stream.ts';

/** Everything that an event store must do, in the words of `port.ts`. One list for every adapter. */
export const eventStoreChecks: readonly Check[] = [
  ...appendChecks,
  ...repeatChecks,
  ...streamChecks,
  ...logChecks,
  ...followChecks,
  ...raceChecks,
];

/** What a suite is run against. The log may hold other events already, but nobody else appends meanwhile. */
export interface Subject extends Handles {
  teardown(): Promise<void>;
}

/** Runs the contract against one adapter. The checks share the log and keep to streams of their own. */
export async function eventStoreContract(t: Test, name: string, create: () => Promise<Subject>): Promise<void> {
  await t.test(`${name} keeps the contract of an event store`, async (t) => {
    const subject = await create();
    t.teardown(() => subject.teardown());
    for (const check of eventStoreChecks) await t.resolves(check.prove(subject), check.title);
  });
}
