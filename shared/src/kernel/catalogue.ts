import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { DomainEvent, EventDefinition, RecordedEvent } from './event.ts';

/**
 * The gate between code and log, in both directions: nothing is appended that its schema does not allow,
 * and whatever is read has the newest shape, however old it is.
 */
export interface Catalogue {
  /** @throws {InvalidEvent} not in the catalogue under its newest name, or not of its schema. */
  check(event: DomainEvent): void;
  /** The same event under its newest name and in its newest shape. @throws {UnknownEvent} */
  lift<E extends RecordedEvent>(event: E): RecordedEvent;
}

/** A decider made an event that its own contract forbids. Always a bug of ours, never the caller's. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}

/** The log holds an event that this version does not know: written by a newer one. Folding around it would be a guess. */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
}

export function createCatalogue(definitions: readonly EventDefinition[]): Catalogue {
  const ajv = new Ajv({ strict: true, allErrors: false });
  formats.default(ajv);
  const schemas = new Map(definitions.map(({ type, data }) => [type, data]));
  const validators = new Map<string, ValidateFunction>();
  const lifts = new Map<string, { type: string; upcast?: (data: never) => unknown }>();
  for (const { type, upcasts } of definitions) {
    register(lifts, type, { type });
    for (const [old, upcast] of Object.entries(upcasts)) register(lifts, old, { type, upcast });
  }

  /** Compiled on first use: a process writes few of the events that there are. */
  function validatorOf(type: string): ValidateFunction {
    const schema = schemas.get(type);
    if (!schema) throw new InvalidEvent(`${type} is not in the catalogue`);
    const validate = validators.get(type) ?? ajv.compile(schema);
    validators.set(type, validate);
    return validate;
  }

  return {
    check: ({ type, data }) => {
      const validate = validatorOf(type);
      if (validate(data)) return;
      // Where and why, never what: the value may be personal.
      const faults = validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`);
      throw new InvalidEvent(`${type} ${faults}`);
    },

    lift: (event) => {
      const lift = lifts.get(event.type);
      if (!lift)
        throw new UnknownEvent(`${event.type} at revision ${event.revision} of ${event.streamId} is not known here`);
      return lift.upcast ? { ...event, type: lift.type, data: lift.upcast(event.data as never) } : event;
    },
  };
}

function register<T>(map: Map<string, T>, name: string, value: T): void {
  if (map.has(name)) throw new Error(`two definitions claim the event name ${name}`);
  map.set(name, value);
}
