import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartRefused } from '@agentcal/shared/kernel/start-refused';
import t from 'tap';
import { openDataFolder } from './data-folder.ts';

t.test('a data folder is made with its parents, and found again', async (t) => {
  const wanted = join(t.testdir(), 'a', 'b', 'c');
  t.equal(await openDataFolder(wanted), wanted);
  t.equal(await openDataFolder(wanted), wanted);
  await access(wanted);
});

t.test('what cannot be a folder is refused with a sentence, and does not hang', async (t) => {
  const file = join(t.testdir(), 'file');
  await writeFile(file, '');
  for (const path of [file, join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/agentcal/data'] : [])])
    await t.rejects(openDataFolder(path), StartRefused, path);
});
