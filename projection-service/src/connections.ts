/** Connections to Postgres that this service opens beside the pool of its process, at most. DATABASE_POOL_SIZE tells of them. */
export const besideThePool = {
  dispatch: 4,
  jobs: 6,
  /** Of pg-boss, which hears through it of new jobs. */
  newJobs: 1,
  /** Of the leader, who holds its locks in it. */
  locks: 1,
} as const;
