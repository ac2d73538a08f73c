/** What the walk may use: keys that differ in one thing each, and ids of things that are there. */
export interface World {
  readonly url: string;
  readonly keys: {
    /** May do everything; owns `own`. */
    readonly full: string;
    /** Of the same organization, in the other mode. */
    readonly otherMode: string;
    /** Of the same organization, issued with no scope but `audit:read`. */
    readonly narrow: string;
    readonly publishable: string;
  };
  /** By collection in the path (`bookings`), ids of things that `full` can see. */
  readonly own: Readonly<Record<string, string>>;
  /** The same, of another organization. */
  readonly foreign: Readonly<Record<string, string>>;
  /** By operation, a good body where what its schema requires is not enough to get past the first rule. */
  readonly bodies: Readonly<Record<string, object>>;
}

/** An id of the same kind that nothing has. */
export function absentId(id: string): string {
  const [prefix, body = ''] = id.split('_');
  return `${prefix}_${'z'.repeat(body.length)}`;
}
