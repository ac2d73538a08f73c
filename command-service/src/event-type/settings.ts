import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import type { EventTypeSettings } from './events.ts';

/** What no schema of single fields can say of settings. Pointers are into the body that would have set them. */
export function checkSettings({ terms, hosts = [] }: EventTypeSettings): FieldFault[] {
  const { duration_minutes, durations, booking_window: window } = terms;
  const faults: FieldFault[] = [];
  const fault = (field: string, detail: string) => faults.push({ pointer: `/body/${field}`, detail });
  if (durations && !durations.includes(duration_minutes)) fault('durations', 'must contain duration_minutes');
  if (window?.type === 'range' && window.end_date < window.start_date) {
    fault('booking_window/end_date', 'must not be before start_date');
  }
  const users = new Set(hosts.map(({ user_id }) => user_id));
  if (users.size < hosts.length) fault('hosts', 'must not name a user twice');
  return faults;
}
