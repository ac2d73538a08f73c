import { Counter, type Registry } from 'prom-client';

/** Counts what became of jobs. `given_up` is what somebody should look at. */
export function countJobs(register: Registry): (queue: string, outcome: string) => void {
  const jobs = new Counter({
    name: 'agentcal_jobs_total',
    help: 'Attempts at jobs by what became of them; given_up: jobs that are not tried again',
    labelNames: ['queue', 'outcome'] as const,
    registers: [register],
  });
  return (queue, outcome) => jobs.inc({ queue, outcome });
}
