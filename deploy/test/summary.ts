export interface Summary {
  /** Takes the next line of raw TAP. */
  read(line: string): void;
  /**
   * What is neither passed nor failed (skipped, to do) counts as failed: it was not shown. So does a run that
   * ended badly without naming a failure.
   */
  end(endedWell: boolean): { readonly passed: number; readonly failed: number };
}

/** Shortens raw TAP to what one wants to see: a line per file, and of a file that failed everything but its passes. */
export function createSummary(print: (line: string) => void): Summary {
  let held: string[] = [];
  let total = 0;
  let passed = 0;
  const release = () => {
    for (const line of held) if (!/^\s+(ok |$)/.test(line)) print(line);
    held = [];
  };
  return {
    read(line) {
      const totals = /^# \{ total: (\d+)(?:, pass: (\d+))?/.exec(line);
      if (totals) {
        total = Number(totals[1]);
        passed = Number(totals[2] ?? 0);
      }
      if (line.startsWith('ok ')) held = [];
      if (line.startsWith('not ok ')) release();
      if (/^(not )?ok /.test(line)) print(line);
      else held.push(line);
    },
    end(endedWell) {
      release();
      const failed = total - passed;
      return { passed, failed: endedWell ? failed : Math.max(1, failed) };
    },
  };
}
