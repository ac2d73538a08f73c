import { day, minute, toIso } from '@agentcal/shared/kernel/time';
import fc from 'fast-check';
import type { Answer, Api } from '../api.fixture.ts';

/** What random worlds over HTTP have in common. */

/** Far enough ahead that the present is in nobody's way. */
export const from = Math.ceil((Date.now() + 3 * day) / day) * day;

export function everyHalfHour(days: number): string[] {
  return Array.from({ length: days * 48 }, (_, i) => toIso(from + i * 30 * minute));
}

export const zone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');

/** Weekly hours that begin at a full hour up to `latest` and last for a number of them. */
export function rules(latest: number, hours: fc.IntegerConstraints, count: fc.ArrayConstraints) {
  const rule = fc
    .record({
      day_of_week: fc.integer({ min: 0, max: 6 }),
      start: fc.integer({ min: 0, max: latest }),
      hours: fc.integer(hours),
    })
    .map(({ day_of_week, start, hours }) => ({
      day_of_week,
      start_time: clock(start),
      end_time: clock(Math.min(24, start + hours)),
    }));
  return fc.array(rule, count);
}

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** Which of the listed starts are booked. */
export const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 6 });

export const attendee = { email: 'ada@example.com', name: 'Ada' };

export type Body = Answer['body'];

/** An account of its own, and reads that see what was written last. */
export async function openAccount({ send, get }: Api) {
  let position = '';
  const must = async (method: Parameters<Api['send']>[0], path: string, body?: object): Promise<Body> => {
    const answer = await send(method, path, body);
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    position = answer.headers.get('agentcal-position') ?? position;
    return answer.body;
  };
  const account = `/v1/accounts/${(await must('POST', '/v1/accounts', { name: 'Shop' })).id}`;
  const seen = () => ({ 'agentcal-min-position': position });
  return {
    /** Writes, and expects it to be done. */
    do: (method: Parameters<Api['send']>[0], path: string, body?: object) => must(method, account + path, body),
    tryOut: (path: string, body: object) => send('POST', `${account}${path}?dry_run=true`, body),
    read: async (path: string): Promise<Body> => (await get(account + path, seen())).body,
    /** A question that is asked by POST. */
    ask: async (path: string, body: object): Promise<Body> => (await send('POST', account + path, body, seen())).body,
  };
}
export type Account = Awaited<ReturnType<typeof openAccount>>;

/** So many of them, spread evenly. */
export function some<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, i) => i % step === 0);
}
