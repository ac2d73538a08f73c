import { readFile } from 'node:fs/promises';
import t from 'tap';
import { problems } from '../kernel/refusal.ts';
import { describeProblems, problemsPage } from './problems-reference.ts';
import { Problem } from './schemas.ts';

t.test('page, types and catalogue say the same', async (t) => {
  const codes = Object.keys(problems);
  const page = await readFile(problemsPage, 'utf8');
  t.equal(page, describeProblems(), 'else: node shared/src/http/problems-reference.ts');
  t.match(Problem.properties.code, { enum: codes });
});

t.test('every problem is a refusal that says what to do', async (t) => {
  for (const [code, { status, title, nextAction }] of Object.entries(problems)) {
    t.match(code, /^[a-z]+(_[a-z]+)*$/);
    t.ok(status >= 400 && status < 600, code);
    t.match(title, /[^.]$/, code);
    t.match(nextAction, /\.$/, code);
  }
});
