import type { AllInOne } from './app.ts';
import { firstBooking } from './first-booking.ts';

/** What the start says last. On the first one: the key, alone on its line, and a first booking to paste. */
export function greet({ url, testKeys }: Pick<AllInOne, 'url' | 'testKeys'>): string[] {
  const ready = `AgentCal is ready: ${url} · every route is described at ${url}/docs`;
  if (!testKeys.created) {
    return [`The test key is kept in ${testKeys.file}: KEY=$(cat '${testKeys.file}')`, '', ready];
  }
  return [
    '',
    `A test organization was created. Its secret test key, also kept in ${testKeys.file}:`,
    '',
    testKeys.secretKey,
    '',
    'A first booking. Paste the lines one after another into another terminal (bash):',
    '',
    ...firstBooking(url, testKeys.secretKey),
    '',
    ready,
  ];
}
