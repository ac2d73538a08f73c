import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Setting, settings } from './settings.ts';

/** The page that documents settings.ts: `node shared/src/process/reference.ts` writes it, a test holds it. */
export const referencePage = fileURLToPath(new URL('../../../docs/reference/configuration.md', import.meta.url));

export function describeSettings(): string {
  const rows = Object.values(settings).map(({ variable, must, fallback, about, secret }: Setting) => {
    const cells = [`\`${variable}\``, `${about}${secret ? ' Secret.' : ''}`, must, fallback ? `\`${fallback}\`` : ''];
    return `| ${cells.join(' | ')} |`;
  });
  return `# Configuration

Environment variables are the only configuration. They are read once, when a process starts; one that is not
as it has to be stops the start with a sentence that says so. An empty variable counts as one that is not set.
The configuration is logged with secrets masked.

| variable | what it is for | has to be | default |
| --- | --- | --- | --- |
${rows.join('\n')}

Written from \`shared/src/process/settings.ts\` by \`node shared/src/process/reference.ts\`.
`;
}

if (import.meta.main) await writeFile(referencePage, describeSettings());
