import type { EventDefinition, RecordedEvent } from '@agentcal/shared/kernel/event';
import type { Sealed, Vault } from '@agentcal/shared/vault/port';
import type { ConsumedEvent, Consumer } from './consumer.ts';

/** Brings events of the log into the shape that a consumer sees: newest version, personal data opened. */
export type Prepare = (events: readonly RecordedEvent[]) => Promise<readonly ConsumedEvent[]>;

export function createPrepare(consumer: Pick<Consumer, 'definitions' | 'opensPersonalData'>, vault: Vault): Prepare {
  const lift = createLift(consumer.definitions);
  return async (events) => {
    const lifted = events.map(lift);
    return consumer.opensPersonalData ? await open(lifted, vault) : lifted;
  };
}

/** The wire names under which events of these types stand in the log, however old. */
export function storedTypes({ definitions, types }: Pick<Consumer, 'definitions' | 'types'>): readonly string[] {
  return definitions.flatMap(({ type, upcasts }) => (types.includes(type) ? [type, ...Object.keys(upcasts)] : []));
}

function createLift(definitions: readonly EventDefinition[]): (event: RecordedEvent) => ConsumedEvent {
  const lifts = new Map(
    definitions.flatMap(({ type, upcasts }) =>
      Object.entries(upcasts).map(([old, upcast]) => [old, { type, upcast }] as const),
    ),
  );
  return (event) => {
    const lift = lifts.get(event.type);
    return lift
      ? { ...event, type: lift.type, data: lift.upcast(event.data as never) as object }
      : (event as ConsumedEvent);
  };
}

/** Opens everything sealed in a batch with one request to the vault. */
async function open(events: readonly ConsumedEvent[], vault: Vault): Promise<readonly ConsumedEvent[]> {
  const places: Place[] = [];
  const copies = events.map((event) => {
    const data = copyWithPlaces(event.data as object, places);
    return data === event.data ? event : { ...event, data };
  });
  if (places.length === 0) return events;
  const opened = await vault.open(places.map(({ holder, name }) => holder[name] as Sealed));
  for (const [index, { holder, name }] of places.entries()) holder[name] = opened[index];
  return copies;
}

/** Where in a copy something sealed stands, to be replaced by what it opens to. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

/** A copy of whatever holds something sealed, and its places; the value itself where nothing in it is sealed. */
function copyWithPlaces<T extends object>(value: T, places: Place[]): T {
  let copy: Record<string, unknown> | undefined;
  for (const name in value) {
    const part: unknown = value[name];
    if (typeof part !== 'object' || part === null) continue;
    const sealed = isSealed(part);
    const after = sealed ? part : copyWithPlaces(part, places);
    if (!sealed && after === part) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as unknown as Record<string, unknown>;
    copy[name] = after;
    if (sealed) places.push({ holder: copy, name });
  }
  return (copy as T | undefined) ?? value;
}

function isSealed(value: object): value is Sealed {
  return 'kid' in value && 'sealed' in value && typeof value.kid === 'string' && typeof value.sealed === 'string';
}
