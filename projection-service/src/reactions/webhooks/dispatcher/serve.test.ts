import { realTiming } from '@agentcal/shared/kernel/timing';
import t from 'tap';
import type { DueDelivery, Ledger, Turn, Verdict } from '../ledger/port.ts';
import { type Outcome, serve } from './serve.ts';
import { dispatchTerms, waitSeconds } from './terms.ts';

const timing = { ...realTiming, random: () => 0.5 };
const sound: Turn = { webhookId: 'whk_1', number: 1, failures: 0 };
const resting: Turn = { ...sound, failures: 6 };

/** Serves a turn in which a hundred deliveries are due, and answers what was attempted and what came of it. */
async function served(turn: Turn, outcomeOf: (nth: number) => Outcome, isHeld = (_: number) => true) {
  const attempted: string[] = [];
  const verdicts: Verdict[] = [];
  const due = Array.from({ length: 100 }, (_, index): DueDelivery => {
    return { webhookId: turn.webhookId, eventId: `${index}`, subject: `bkg_${index}`, attempts: 0 };
  });
  const ledger: Pick<Ledger, 'due' | 'end'> = {
    due: async (_, limit) => due.slice(0, limit),
    end: async (_, verdict) => void verdicts.push(verdict),
  };
  const held = () => isHeld(attempted.length);
  await serve(
    turn,
    { isHeld: held, goesOn: held },
    {
      ledger: ledger as Ledger,
      timing,
      terms: dispatchTerms,
      attempt: async ({ eventId }) => outcomeOf(attempted.push(eventId)),
      log: { info: () => {}, error: () => {} },
      failed: () => {},
    },
  );
  return { attempts: attempted.length, verdicts };
}

t.test('a turn is so long and no longer', async (t) => {
  t.match(await served(sound, () => 'delivered'), {
    attempts: dispatchTerms.perTurn,
    verdicts: [{ failures: 0, restSeconds: 0, isBack: false }],
  });
});

t.test('an endpoint rests after so many failures in a row, and what was under way then counts no more', async (t) => {
  const { attempts, verdicts } = await served(sound, () => 'failed');
  t.ok(attempts < dispatchTerms.restsAfterFailures + dispatchTerms.atOnce);
  t.match(verdicts, [{ failures: dispatchTerms.restsAfterFailures, restSeconds: 5, isBack: false }]);
});

t.test('one that fails now and then goes on', async (t) => {
  const { attempts, verdicts } = await served(sound, (nth) => (nth % 4 === 0 ? 'delivered' : 'failed'));
  t.equal(attempts, dispatchTerms.perTurn);
  t.match(verdicts, [{ restSeconds: 0 }]);
});

t.test('after a rest one delivery is tried: it rests for longer, or is back', async (t) => {
  t.match(await served(resting, () => 'failed'), {
    attempts: 1,
    verdicts: [{ failures: 7, restSeconds: 20, isBack: false }],
  });
  t.match(await served(resting, () => 'delivered'), {
    attempts: 1,
    verdicts: [{ failures: 0, restSeconds: 0, isBack: true }],
  });
});

t.test('what cannot be sent just now is no failure, and is looked at a little later', async (t) => {
  const { verdicts } = await served(sound, () => 'none');
  t.match(verdicts, [{ failures: 0, restSeconds: dispatchTerms.lookEverySeconds }]);
});

t.test('of a turn that was lost nothing is noted, and nothing more is sent in it', async (t) => {
  const { attempts, verdicts } = await served(
    sound,
    () => 'delivered',
    (attempts) => attempts < 6,
  );
  t.ok(attempts < 6 + dispatchTerms.atOnce);
  t.same(verdicts, []);
});

t.test('each wait is about twice as long as the one before, up to the longest', (t) => {
  const waits = [1, 2, 3, 99].map((nth) => waitSeconds({ firstSeconds: 5, longestSeconds: 900 }, nth, timing));
  t.same(waits, [5, 10, 20, 900]);
  t.end();
});
