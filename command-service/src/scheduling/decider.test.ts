import { type ProblemCode, Refusal } from '@agentcal/shared/kernel/refusal';
import { scenario } from '@agentcal/shared/testing/scenario';
import t from 'tap';
import type { PlanCommand } from './commands.ts';
import * as scheduling from './decider.ts';
import { completed, hosts, partClaimed, partRefused, planned, plannedData, undone } from './samples.ts';

const given = scenario(scheduling);

const plan = (attempt = 1): PlanCommand => ({ type: 'Plan', data: plannedData({ attempt }) });
const claimed = hosts.map((userId) => ({ userId, partIds: [`part_${userId}`] }));
const complete = (attempt = 1): PlanCommand => ({
  type: 'CompletePlan',
  data: { attempt, claimed, refused: [], bookingIds: ['bkg_1'] },
});
const refuse = (code: ProblemCode = 'slot_taken', attempt = 1): PlanCommand => ({
  type: 'RefusePlan',
  data: { attempt, claimed: claimed.slice(0, 1), refused: { userId: hosts[1], partIds: ['part_user_2'], code } },
});
const undo = (code?: ProblemCode, attempt = 1): PlanCommand => ({
  type: 'UndoPlan',
  data: { attempt, ...(code && { code }) },
});
const refused = partRefused('slot_taken', { user_id: hosts[1], part_ids: ['part_user_2'] });
const both = hosts.map((userId) => partClaimed(userId));

t.test('a plan begins once', async (t) => {
  given(t).when(plan()).then(planned());
  given(t, planned()).when(plan()).thenNothing();
  given(t).when(plan(2)).thenNothing();
});

t.test('what comes first decides an attempt', async (t) => {
  t.test('complete', async (t) => {
    const state = given(t, planned())
      .when(complete())
      .then(...both, completed());
    t.match(state, { phase: 'completed', bookingIds: ['bkg_1'] });
    given(t, planned(), ...both, completed())
      .when(complete())
      .thenNothing();
    given(t, planned(), ...both, completed())
      .when(refuse())
      .thenNothing();
    given(t, planned(), ...both, completed())
      .when(undo())
      .thenNothing();
  });

  t.test('refused', async (t) => {
    const state = given(t, planned()).when(refuse()).then(partClaimed(hosts[0]), refused);
    t.match(state, { phase: 'refused', code: 'slot_taken' });
    given(t, planned(), refused).when(complete()).thenNothing();
    given(t, planned(), refused).when(refuse('unavailable')).thenNothing();
  });

  t.test('and one that is over decides nothing about the next', async (t) => {
    const second = [planned(), refused, undone(), planned({ attempt: 2 })];
    given(t, ...second)
      .when(complete())
      .thenNothing();
    given(t, ...second)
      .when(refuse())
      .thenNothing();
    given(t, ...second)
      .when(undo())
      .thenNothing();
    given(t, ...second)
      .when(complete(2))
      .then(...hosts.map((userId) => partClaimed(userId, 2)), completed(['bkg_1'], 2));
  });
});

t.test('undoing', async (t) => {
  t.test('follows a refusal, and another attempt may follow it', async (t) => {
    given(t, planned()).when(undo()).thenNothing();
    given(t, planned(), refused).when(undo()).then(undone());
    given(t, planned(), refused, undone()).when(undo()).thenNothing();
    given(t, planned(), refused).when(plan(2)).thenNothing();
    given(t, planned(), refused, undone())
      .when(plan(2))
      .then(planned({ attempt: 2 }));
  });

  t.test('with an answer is the end', async (t) => {
    t.match(given(t, planned(), refused).when(undo('slot_taken')).then(undone('slot_taken')), { answer: 'slot_taken' });
    given(t, planned(), refused, undone()).when(undo('slot_taken')).then(undone('slot_taken'));
    const over = [planned(), refused, undone('slot_taken')];
    given(t, ...over)
      .when(plan(2))
      .thenNothing();
    given(t, ...over)
      .when(undo('limit_reached'))
      .thenNothing();
  });

  t.test('comes after completion only where a booking could not be moved any more', async (t) => {
    const moved = [planned({ kind: 'move' }), ...both, completed()];
    given(t, ...moved)
      .when(undo('booking_closed'))
      .then(undone('booking_closed'));
    given(t, planned(), ...both, completed())
      .when(undo('booking_closed'))
      .thenNothing();
  });
});

t.test('as many as fit: what did not is told beside what did', async (t) => {
  const items = [plannedData().items[0]!, { ...plannedData().items[0]!, booking_id: 'bkg_2' }];
  const fitting = planned({ mode: 'fitting', items });
  const late = { userId: hosts[1], partIds: ['part_late'], code: 'slot_taken' as const };
  const command: PlanCommand = {
    type: 'CompletePlan',
    data: { attempt: 1, claimed, refused: [late], bookingIds: ['bkg_1'] },
  };
  const state = given(t, fitting)
    .when(command)
    .then(...both, partRefused('slot_taken', { user_id: hosts[1], part_ids: ['part_late'] }), completed());
  t.match(state, {
    phase: 'completed',
    bookingIds: ['bkg_1'],
    refused: [{ partIds: ['part_late'], code: 'slot_taken' }],
  });
});

t.test('a repeat that has no plan here is refused as it was to be', async (t) => {
  given(t)
    .when({ type: 'RepeatOnly', data: { refusal: new Refusal('not_found') } })
    .thenRefused('not_found');
});
