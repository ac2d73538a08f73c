import { readFile } from 'node:fs/promises';
import t from 'tap';
import { firstBooking, usual } from './first-booking.ts';

t.test('the first booking of README.md is the one that a start prints, which is pasted in another test', async (t) => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  t.ok(readme.includes(`\n${firstBooking(usual.url, usual.key).join('\n')}\n`));
});
