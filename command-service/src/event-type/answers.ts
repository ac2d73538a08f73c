import { escapeStep, faultsOf } from '@agentcal/shared/http/faults';
import type { FieldFault } from '@agentcal/shared/kernel/refusal';
import { type Questions, validatorOf } from './questions.ts';

/**
 * What answers may come to, whatever the questions allow: judging them then takes a few milliseconds, also by a schema
 * that is older than today's bounds on schemas. Bytes are those of their JSON.
 */
export const answerBounds = { bytes: 16 * 1024, values: 1_000, items: 100, characters: 5_000, levels: 8 } as const;

const root = '/body/answers';

/** What is wrong with a booking's answers. An event type that asks nothing takes none. */
export function checkAnswers(questions: Questions | undefined, answers: Questions = {}): FieldFault[] {
  if (!questions) {
    const isEmpty = Object.keys(answers).length === 0;
    return isEmpty ? [] : [{ pointer: root, detail: 'the event type asks no questions' }];
  }
  const excess = excessOf(answers);
  if (excess) return [excess];
  const validate = validatorOf(questions);
  return validate(answers) ? [] : faultsOf((validate.errors ?? []) as never, 'body/answers');
}

/** The first bound that answers go beyond. */
function excessOf(answers: Questions): FieldFault | undefined {
  const { bytes, values, items, characters, levels } = answerBounds;
  let seen = 0;
  const search = (value: unknown, pointer: string, level: number): FieldFault | undefined => {
    seen += 1;
    if (seen > values) return { pointer: root, detail: `must hold at most ${values} values` };
    if (typeof value === 'string' && value.length > characters)
      return { pointer, detail: `must be at most ${characters} characters` };
    if (typeof value !== 'object' || value === null) return undefined;
    if (level > levels) return { pointer, detail: `must not be nested deeper than ${levels} levels` };
    if (Array.isArray(value) && value.length > items) return { pointer, detail: `must hold at most ${items} items` };
    for (const [step, inner] of Object.entries(value)) {
      const excess = search(inner, `${pointer}/${escapeStep(step)}`, level + 1);
      if (excess) return excess;
    }
    return undefined;
  };
  const excess = search(answers, root, 0);
  if (excess) return excess;
  // Written out only now that it is known not to be deep.
  const isLong = Buffer.byteLength(JSON.stringify(answers)) > bytes;
  return isLong ? { pointer: root, detail: `must be at most ${bytes} bytes` } : undefined;
}
