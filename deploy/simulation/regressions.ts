/**
 * Seeds that have once failed, and what they found. They run always. A seed decides other things after a change of what
 * is simulated, so the tests that came of a finding are what keeps it; these are here because they cost nothing.
 */
export const regressions: readonly (readonly [seed: number, found: string])[] = [
  [7, 'an answer whose state was older than its own events: it had waited for a read that had begun before'],
  [7, 'a build that was put in place by whoever had lost it to somebody else'],
  [32, 'a hold that a process with its clock ahead had ended for everybody'],
  [2008, 'a plan made by a clock that was ahead, which is looked after late'],
];
