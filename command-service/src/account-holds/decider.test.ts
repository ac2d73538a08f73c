import { minute, toIso } from '@agentcal/shared/kernel/time';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import * as holds from './decider.ts';
import { count, counted, dropEnded, foundEnded, now } from './samples.ts';

const given = scenario(holds);
const idsOf = ({ holds: all }: holds.HoldsState) => all.map(({ holdId }) => holdId);

t.test('a hold is counted once', async (t) => {
  given(t).when(count('hold_1')).then(counted('hold_1'));
  given(t, counted('hold_1')).when(count('hold_1')).thenNothing();
});

t.test('it counts until it expires, or is found to have ended', async (t) => {
  const early = counted('hold_1', now + minute);
  const { state } = given(t, early, counted('hold_2'));
  t.same(idsOf(state), ['hold_1', 'hold_2']);
  const later = { ...counted('hold_3'), metadata: { occurred_at: toIso(now + minute) }, revision: 2 };
  t.same(idsOf(holds.evolve(state, later)), ['hold_2', 'hold_3']);
  given(t, early, counted('hold_2')).when(dropEnded('hold_2', 'hold_9')).then(foundEnded('hold_2'));
  given(t, counted('hold_2'), foundEnded('hold_2')).when(dropEnded('hold_2')).thenNothing();
  t.same(idsOf(given(t, early, counted('hold_2'), foundEnded('hold_2')).state), ['hold_1']);
});
