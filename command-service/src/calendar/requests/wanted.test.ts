import { createSlotTokens } from '@agentcal/shared/http/slot-token';
import t from 'tap';
import { ofTimeOrHold, wantedIn } from './wanted.ts';

t.test('who says no time, or says it twice, is told by the fields that are taken there', async (t) => {
  const slots = createSlotTokens(Buffer.alloc(32));
  const twice = { start_time: '2030-05-03T10:00:00Z', slot_id: 'x' };
  for (const body of [{}, twice]) {
    t.throws(() => wantedIn(body, slots), { message: /exactly one of start_time, slot_id is needed/ });
    t.throws(() => wantedIn(body, slots, ofTimeOrHold), { message: /start_time, slot_id, hold_id is needed/ });
  }
});
