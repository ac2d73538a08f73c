import type { Timing } from '@agentcal/shared/kernel/timing';
import t from 'tap';
import type { Turn } from '../ledger/port.ts';
import { heldTurns } from './holds.ts';

/** Time that passes when it is told to. */
function clockwork() {
  let now = 0;
  let timers: { at: number; work: () => void }[] = [];
  const timing: Timing = {
    after: (ms, work) => {
      const timer = { at: now + ms, work };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    random: () => 0.5,
  };
  const pass = async (ms: number) => {
    for (const end = now + ms; ; ) {
      const next = timers.toSorted((a, b) => a.at - b.at)[0];
      now = Math.min(next?.at ?? end, end);
      if (!next || next.at > end) return;
      timers = timers.filter((one) => one !== next);
      next.work();
      await new Promise(setImmediate);
    }
  };
  return { timing, pass, left: () => timers.length };
}

const turn = (webhookId: string): Turn => ({ webhookId, number: 1, failures: 0 });

function holding(keep: (turns: readonly Turn[]) => Promise<readonly Turn[]>) {
  const time = clockwork();
  const released: string[] = [];
  const failures: unknown[] = [];
  const release = async ({ webhookId }: Turn) => void released.push(webhookId);
  const failed = (error: unknown) => void failures.push(error);
  return {
    ...time,
    released,
    failures,
    holds: heldTurns({ ledger: { keep, release }, timing: time.timing, holdSeconds: 15, failed }),
  };
}

t.test('a turn is held for as long as this process says so', async (t) => {
  const { holds, pass, released, left } = holding(async (turns) => turns);
  const [a, b] = [holds.add(turn('a')), holds.add(turn('b'))];
  await pass(60_000);
  t.same([a.isLost, b.isLost], [false, false]);
  holds.remove(a);
  await holds.letGo();
  t.same(released, ['b']);
  t.ok(b.isLost);
  t.equal(left(), 0);
});

t.test('one that somebody else has is lost, and is not given back', async (t) => {
  const { holds, pass, released } = holding(async (turns) => turns.filter(({ webhookId }) => webhookId !== 'a'));
  const [a, b] = [holds.add(turn('a')), holds.add(turn('b'))];
  await pass(6_000);
  t.same([a.isLost, b.isLost], [true, false]);
  await holds.letGo();
  t.same(released, ['b']);
});

t.test('all are lost where nobody could be told in time, whether that fails or is not answered', async (t) => {
  for (const keep of [() => Promise.reject(new Error('no database')), () => new Promise<never>(() => {})]) {
    let isDown = false;
    const { holds, pass } = holding(async (turns) => (isDown ? keep() : turns));
    const held = holds.add(turn('a'));
    await pass(6_000);
    isDown = true;
    await pass(13_000);
    t.notOk(held.isLost);
    await pass(2_000);
    t.ok(held.isLost);
    await holds.letGo();
  }
});
