import type { UserKind } from '@agentcal/shared/resources/user';
import type { Limit, Schedule } from '@agentcal/shared/scheduling/model';
import { big, defineTable, instant, json, nullable, oneOf, text } from '../../engine/table.ts';
import { history, tenant } from '../common.ts';

/**
 * A user with the schedule that holds for them; null name and e-mail once erased. A resource never has an e-mail.
 * A removed user has no row.
 */
export const users = defineTable(
  'users',
  {
    id: text,
    ...tenant,
    account_id: text,
    kind: oneOf<UserKind>(),
    name: nullable(text),
    email: nullable(text),
    timezone: text,
    /** Null until one is set: then it is the default in the user's zone. */
    schedule: nullable(json<Schedule>()),
    limits: json<readonly Limit[]>(),
    /** How much further their calendar has to be known to count for their own limits. */
    limits_reach_ms: big,
    ...history,
  },
  { key: ['id'], indexes: [['account_id', 'position']] },
);

/** Out-of-office. Rows of a removed user stay, and are not found without the user. */
export const away = defineTable(
  'away',
  {
    id: text,
    ...tenant,
    account_id: text,
    user_id: text,
    start_time: instant,
    end_time: instant,
    reason: nullable(text),
    position: history.position,
  },
  { key: ['id'], indexes: [['user_id', 'start_time', 'position']] },
);
