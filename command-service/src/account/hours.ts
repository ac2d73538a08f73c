import { type FieldFault, Refusal } from '@agentcal/shared/kernel/refusal';
import { checkSchedule } from '@agentcal/shared/scheduling/check';
import { hasHolidays } from '@agentcal/shared/scheduling/holidays';
import type { Schedule } from '@agentcal/shared/scheduling/model';

/** A schedule that is the whole body of a request. @throws {Refusal} `invalid_schedule` */
export async function requireSchedule(schedule: Schedule): Promise<void> {
  const own = checkSchedule(schedule).map(({ pointer, detail }) => ({ pointer: `/body${pointer}`, detail }));
  const errors = [...own, ...(await holidayFaults(schedule, '/body'))];
  if (errors.length > 0) throw new Refusal('invalid_schedule', undefined, { errors });
}

/** What is wrong with the public holidays that a schedule asks for. @param at - where in the request the schedule is */
export async function holidayFaults({ holidays }: Schedule, at: string): Promise<FieldFault[]> {
  if (!holidays || (await hasHolidays(holidays))) return [];
  const field =
    holidays.region !== undefined && (await hasHolidays({ country: holidays.country })) ? 'region' : 'country';
  return [{ pointer: `${at}/holidays/${field}`, detail: 'There are no public holidays known of it' }];
}
