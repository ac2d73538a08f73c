import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import { checkHosts } from '@agentcal/shared/scheduling/assignment';
import { checkTerms } from '@agentcal/shared/scheduling/check';
import type { EventTypeSettings } from './events.ts';
import { checkQuestions } from './questions.ts';

/** What no schema of single fields can say of settings. Pointers are into the body that would have set them. */
export function checkSettings({ terms, hosts = [], groups = [], questions }: EventTypeSettings): FieldFault[] {
  const faults = [...checkTerms(terms), ...checkHosts(hosts, groups)];
  const inBody = faults.map(({ pointer, detail }) => ({ pointer: `/body${pointer}`, detail }));
  return questions ? [...inBody, ...checkQuestions(questions)] : inBody;
}
