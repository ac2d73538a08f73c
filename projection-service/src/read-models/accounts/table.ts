import type { Schedule } from '@agentcal/shared/scheduling/model';
import { defineTable, json, nullable, text } from '../../engine/table.ts';
import { history, tenant } from '../common.ts';

/** A deleted account has no row, and what belongs to it is only found through its row. */
export const accounts = defineTable(
  'accounts',
  {
    id: text,
    ...tenant,
    name: text,
    metadata: json<Readonly<Record<string, string>>>(),
    /** When the business is open; null where that is left to its users. */
    schedule: nullable(json<Schedule>()),
    ...history,
  },
  { key: ['id'], indexes: [['organization_id', 'livemode', 'position']] },
);
