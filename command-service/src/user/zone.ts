import { Refusal } from '@agentcal/shared/kernel/refusal';
import { isTimeZone } from '@agentcal/shared/scheduling/zone';

/** @throws {Refusal} `invalid_time_zone` */
export function requireTimeZone(name: string): void {
  if (isTimeZone(name)) return;
  const errors = [{ pointer: '/body/timezone', detail: 'must be an IANA time zone, such as America/New_York' }];
  throw new Refusal('invalid_time_zone', undefined, { errors });
}
