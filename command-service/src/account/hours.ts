import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import { hasHolidays } from '@agentcal/shared/scheduling/holidays';
import type { Schedule } from '@agentcal/shared/scheduling/model';

/** What is wrong with the public holidays that a schedule asks for. @param at - where in the request the schedule is */
export async function holidayFaults({ holidays }: Schedule, at: string): Promise<FieldFault[]> {
  if (!holidays || (await hasHolidays(holidays))) return [];
  const field =
    holidays.region !== undefined && (await hasHolidays({ country: holidays.country })) ? 'region' : 'country';
  return [{ pointer: `${at}/holidays/${field}`, detail: 'There are no public holidays known of it' }];
}
