import { answerRules } from './answers.ts';
import { claimRules } from './claims.ts';
import { followerRules } from './followers.ts';
import type { History, Violation } from './history.ts';
import { logRules } from './log-rules.ts';
import { planRules } from './plans.ts';

/**
 * Everything that is wrong with a history, in time that grows with its length alone. An empty answer says that what
 * clients were told, the log, the webhooks and the lists are one story in which nobody lost anything.
 */
export function judge(history: History): Violation[] {
  return [
    ...logRules(history.log),
    ...answerRules(history.invocations, history.log),
    ...claimRules(history.log),
    ...planRules(history.log),
    ...followerRules(history),
  ];
}
