import { deriveCalendarItemId } from '@agentcal/shared/kernel/ids';

/** The name of what an attempt claims on one calendar for one of its items. */
export function partIdOf(planId: string, attempt: number, item: number, userId: string): string {
  return deriveCalendarItemId('part', userId, `${planId}\n${attempt}\n${item}`);
}

export function holdIdOf(planId: string, attempt: number, userId: string): string {
  return deriveCalendarItemId('hold', userId, `${planId}\n${attempt}`);
}

export function bookingIdOf(planId: string, item: number, userId: string): string {
  return deriveCalendarItemId('booking', userId, `${planId}\n${item}`);
}
