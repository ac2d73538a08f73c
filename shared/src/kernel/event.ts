import type { Static, TSchema } from 'typebox';

/**
 * Words of the log.
 *
 * - event: a fact, named in the past tense; `type` is its wire name with its version.
 * - stream: the events of one aggregate, numbered by `revision` from 0 without holes.
 * - position: where an event stands in the whole log. Positions only grow, and may have holes.
 */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** A place in the whole log. Travels as a decimal string (`AgentCal-Position`). `0n` is before the first event. */
export type Position = bigint;

/** Who caused an event. `id` is an id of ours (key, member, connection), never a name or an address. */
export interface Actor {
  readonly kind: 'key' | 'embed' | 'member' | 'attendee' | 'provider' | 'system';
  readonly id: string;
}

/** What is true of every event, whatever it says. Field names are the wire's. */
export interface EventMetadata {
  /** When the command was judged, ISO 8601 UTC. Not when it was stored: that is `recordedAt`. */
  readonly occurred_at: string;
  readonly organization_id: string;
  /** Absent on events of the organization itself. */
  readonly account_id?: string;
  /** Test and live events share the log and nothing else. */
  readonly livemode: boolean;
  readonly actor: Actor;
  readonly command_id: string;
  /** Hash of the request that became the command; a repeat with another payload is told apart by it. */
  readonly fingerprint: string;
  readonly correlation_id: string;
  readonly causation_id?: string;
  readonly request_id?: string;
}

/** An event on its way into the log. `id` is derived from its command, so that a retry carries the same one. */
export interface NewEvent<E extends DomainEvent = DomainEvent> {
  readonly id: string;
  readonly type: E['type'];
  readonly data: E['data'];
  readonly metadata: EventMetadata;
}

/** An event in the log. */
export type RecordedEvent<E extends DomainEvent = DomainEvent> = E extends DomainEvent
  ? NewEvent<E> & {
      readonly type: E['type'];
      readonly data: E['data'];
      readonly streamId: string;
      readonly revision: number;
      readonly position: Position;
      /** Set by the store, ISO 8601 UTC. */
      readonly recordedAt: string;
    }
  : never;

/** The stored contract of one event: its wire name and the JSON Schema of its data. */
export interface EventDefinition<Type extends string = string, Schema extends TSchema = TSchema> {
  readonly type: Type;
  readonly data: Schema;
  /** Older wire names of the same fact, each with the function that lifts its data to this shape. */
  readonly upcasts: Readonly<Record<string, (data: never) => Static<Schema>>>;
}

/** Defines an event. Shapes only ever grow; a changed shape is a new version with an upcaster from the old one. */
export function defineEvent<Type extends string, Schema extends TSchema>(
  type: Type,
  data: Schema,
  upcasts: EventDefinition<Type, Schema>['upcasts'] = {},
): EventDefinition<Type, Schema> {
  return { type, data, upcasts };
}

/** The event type that a definition (or a union of them) describes. */
export type EventOf<D> =
  D extends EventDefinition<infer Type, infer Schema> ? DomainEvent<Type, Static<Schema>> : never;
