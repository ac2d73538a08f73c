/**
 * Seeds that have once failed, and what they found. They run always. A seed decides other things after a change of what
 * is simulated, so the tests that came of a finding are what keeps it; these are here because they cost nothing.
 */
export const regressions: readonly (readonly [seed: number, found: string])[] = [
  [2, 'a request whose body was not handed over before time went on'],
  [7, 'a lock taken by a client that had vanished, and never given back'],
  [32, 'a hold that a process with its clock ahead had ended for everybody'],
];
