import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import { checkHosts } from '@agentcal/shared/scheduling/assignment';
import { checkSchedule, checkTerms } from '@agentcal/shared/scheduling/check';
import type { EventTypeSettings } from './events.ts';
import { checkQuestions } from './questions.ts';

/** What no schema of single fields can say of settings. Pointers are into the body that would have set them. */
export function checkSettings(settings: EventTypeSettings): FieldFault[] {
  const { terms, hosts = [], groups = [], hours, questions } = settings;
  const faults = [...checkTerms(terms), ...checkHosts(hosts, groups), ...checkAssignment(settings)];
  const ofHours = hours ? checkSchedule(hours).map((fault) => at('/hours', fault)) : [];
  const inBody = [...faults, ...ofHours].map((fault) => at('/body', fault));
  return questions ? [...inBody, ...checkQuestions(questions)] : inBody;
}

/** What the way in which hosts are assigned makes of the other fields. */
function checkAssignment({ assignment = 'single', hosts = [], groups, terms }: EventTypeSettings): FieldFault[] {
  const faults: FieldFault[] = [];
  if (assignment !== 'single') {
    if (hosts.length === 0)
      faults.push({ pointer: '/hosts', detail: `must name a host: the assignment is ${assignment}` });
    if (terms.seats !== undefined) {
      faults.push({
        pointer: '/seats',
        detail: `cannot be had with ${assignment}: seats are of the meeting of one host`,
      });
    }
  }
  if (assignment !== 'round_robin') {
    if (groups) faults.push({ pointer: '/groups', detail: 'can only be had with the assignment round_robin' });
    hosts.forEach(({ group }, i) => {
      if (group === undefined) return;
      faults.push({ pointer: `/hosts/${i}/group`, detail: 'can only be had with the assignment round_robin' });
    });
  }
  if (assignment === 'single') {
    hosts.forEach(({ fixed }, i) => {
      if (fixed)
        faults.push({ pointer: `/hosts/${i}/fixed`, detail: 'cannot be had with single: one host takes part' });
    });
  }
  return faults;
}

function at(where: string, { pointer, detail }: FieldFault): FieldFault {
  return { pointer: `${where}${pointer}`, detail };
}
