/**
 * The one catalogue: every way the product says no, and the face each wears.
 *
 * Codes are public: never renamed, never reused. `nextAction` tells an agent what to do about it.
 */
export const problems = {
  // The request itself
  invalid_request: {
    status: 400,
    title: 'The request is not of the documented shape',
    nextAction: 'Correct the fields named in errors and send it again.',
  },
  invalid_json: {
    status: 400,
    title: 'The body is not valid JSON',
    nextAction: 'Send a JSON object with content-type application/json.',
  },
  invalid_time_zone: {
    status: 400,
    title: 'That is not an IANA time zone',
    nextAction: 'Use a name such as America/New_York.',
  },
  invalid_schedule: {
    status: 400,
    title: 'The schedule contradicts itself',
    nextAction: 'Correct what errors names. A window or a time away ends after it starts, a window by 24:00.',
  },
  invalid_cursor: { status: 400, title: 'The cursor is not one of ours', nextAction: 'Start again without a cursor.' },
  invalid_slot_id: {
    status: 400,
    title: 'The slot id is not one of ours',
    nextAction: 'Ask for availability and use a slot_id of its answer.',
  },
  body_too_large: { status: 413, title: 'The body is too large', nextAction: 'Send a smaller body.' },
  uri_too_long: { status: 414, title: 'The URL is too long', nextAction: 'Send a shorter URL.' },
  headers_too_large: { status: 431, title: 'The headers are too large', nextAction: 'Send fewer or shorter headers.' },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    nextAction: 'Send it again with the same idempotency key.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body is not JSON',
    nextAction: 'Send content-type application/json.',
  },
  // Who asks
  unauthenticated: {
    status: 401,
    title: 'No valid key was sent',
    nextAction: 'Send authorization: Bearer sk_… with a key that is not revoked or expired.',
  },
  forbidden: {
    status: 403,
    title: 'This key may not do that',
    nextAction: 'Use a key with the scope named in detail.',
  },
  origin_not_allowed: {
    status: 403,
    title: 'This origin may not use this key',
    nextAction: 'Add the origin to the allowed origins of the organization.',
  },
  plan_limit_reached: {
    status: 403,
    title: 'The plan does not allow more',
    nextAction: 'Change the plan or remove what is not needed.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    nextAction: 'Wait as long as Retry-After says, then send it again.',
  },
  // What is asked for
  not_found: { status: 404, title: 'There is no such thing', nextAction: 'Check the id and the key it belongs to.' },
  route_not_found: { status: 404, title: 'There is no such route', nextAction: 'See /docs for the routes.' },
  method_not_allowed: {
    status: 405,
    title: 'This route does not take that method',
    nextAction: 'See /docs for the methods.',
  },
  gone: { status: 410, title: 'It has been deleted', nextAction: 'Create a new one.' },
  // Conflicts
  idempotency_key_reused: {
    status: 409,
    title: 'That idempotency key was used with another payload',
    nextAction: 'Use a fresh idempotency key for a different request.',
  },
  revision_conflict: {
    status: 412,
    title: 'It was changed in the meantime',
    nextAction: 'Read it again and send the change with its new ETag.',
  },
  too_much_contention: {
    status: 503,
    title: 'Too many changes at once',
    nextAction: 'Send it again with the same idempotency key.',
  },
  slot_taken: { status: 409, title: 'That time is taken', nextAction: 'Offer one of the alternatives.' },
  booking_closed: { status: 409, title: 'The booking cannot be changed any more', nextAction: 'Make a new booking.' },
  booking_not_due: {
    status: 409,
    title: 'It is too early to say that of the booking',
    nextAction: 'Say it again once the meeting has begun, or ended where its end matters.',
  },
  link_expired: {
    status: 410,
    title: 'The link is no longer good: the booking is over or cancelled',
    nextAction: 'Make a new booking.',
  },
  hold_expired: {
    status: 410,
    title: 'The hold has expired',
    nextAction: 'Ask for availability again and place a new hold.',
  },
  slot_expired: {
    status: 410,
    title: 'The slot was offered too long ago',
    nextAction: 'Ask for availability again and use a slot_id of its answer.',
  },
  too_many_holds: {
    status: 429,
    title: 'Too many live holds on one calendar',
    nextAction: 'Release a hold, or wait as long as Retry-After says.',
  },
  // Refused by a rule
  outside_hours: {
    status: 422,
    title: 'That time is outside the working hours',
    nextAction: 'Offer one of the alternatives.',
  },
  too_soon: { status: 422, title: 'That time is too soon', nextAction: 'Offer one of the alternatives.' },
  outside_window: {
    status: 422,
    title: 'That time is outside the booking window',
    nextAction: 'Offer one of the alternatives.',
  },
  limit_reached: {
    status: 422,
    title: 'A booking limit is reached for that period',
    nextAction: 'Offer one of the alternatives.',
  },
  off_grid: { status: 422, title: 'No slot starts at that time', nextAction: 'Offer one of the alternatives.' },
  host_unavailable: { status: 422, title: 'No host can take that time', nextAction: 'Offer one of the alternatives.' },
  duration_not_offered: {
    status: 422,
    title: 'The event type does not offer that duration',
    nextAction: 'Use one of its durations.',
  },
  invalid_answers: {
    status: 422,
    title: 'The answers do not fit the questions of the event type',
    nextAction: 'Correct the answers named in errors and send it again.',
  },
  query_not_understood: {
    status: 422,
    title: 'The words could not be read as a time',
    nextAction: 'Say a day, a time or both, as in the examples of detail, or list availability by dates.',
  },
  range_too_long: { status: 422, title: 'The date range is too long', nextAction: 'Ask for at most 366 days.' },
  too_many_bookings: {
    status: 422,
    title: 'That is more than one request may book together',
    nextAction: 'Send fewer times or hosts in one request.',
  },
  range_reversed: { status: 422, title: 'The end is before the start', nextAction: 'Send an end after the start.' },
  url_not_allowed: { status: 422, title: 'That URL cannot receive webhooks', nextAction: 'Use a public https URL.' },
  too_late_to_change: {
    status: 422,
    title: 'It is too late to change the booking',
    nextAction: 'Ask the organization to change it: for itself it still may, until the meeting is over.',
  },
  change_not_allowed: {
    status: 422,
    title: 'That side may not change the booking',
    nextAction: 'Ask the organization, or on behalf of a side that the event type names in by.',
  },
  // Our side
  unavailable: {
    status: 503,
    title: 'Not able to answer at the moment',
    nextAction: 'Send it again in a moment with the same idempotency key.',
  },
  read_model_behind: {
    status: 503,
    title: 'The read model has not reached that position yet',
    nextAction: 'Send it again in a moment.',
  },
  unexpected: {
    status: 500,
    title: 'Something broke on our side',
    nextAction: 'Send it again; if it stays, report the request id.',
  },
} as const satisfies Record<string, { status: number; title: string; nextAction: string }>;

export type ProblemCode = keyof typeof problems;

/** A fault at one place of the request. `pointer` is a JSON Pointer (RFC 6901) into it, e.g. `/body/attendee/email`. */
export interface FieldFault {
  readonly pointer: string;
  readonly detail: string;
}

/** What a refusal may carry besides its words. Never personal data: refusals are logged. */
export interface RefusalExtras {
  readonly errors?: readonly FieldFault[];
  /** Times that could be booked instead, in the shape of an availability answer's `data`. */
  readonly alternatives?: readonly unknown[];
  readonly retryAfterSeconds?: number;
}

/** A firm no, from any layer. Becomes an RFC 9457 problem at the HTTP edge. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly extras: RefusalExtras;

  constructor(code: ProblemCode, detail: string = problems[code].title, extras: RefusalExtras = {}) {
    super(detail);
    this.name = 'Refusal';
    this.code = code;
    this.extras = extras;
  }
}
