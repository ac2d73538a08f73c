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
  const sealed: Sealed[] = [];
  for (const { data } of events) replaceSealed(data, (found) => sealed.push(found));
  if (sealed.length === 0) return events;
  const opened = await vault.open(sealed);
  let next = 0;
  return events.map((event) => ({ ...event, data: replaceSealed(event.data, () => opened[next++]) as object }));
}

/** A copy with every sealed text replaced, in a fixed order; the value itself where nothing in it is sealed. */
function replaceSealed(value: unknown, replacement: (sealed: Sealed) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSealed(value)) return replacement(value);
  if (Array.isArray(value)) return value.map((item) => replaceSealed(item, replacement));
  let copy: Record<string, unknown> | undefined;
  for (const name in value) {
    const before = (value as Record<string, unknown>)[name];
    const after = replaceSealed(before, replacement);
    if (after !== before) {
      copy ??= { ...value };
      copy[name] = after;
    }
  }
  return copy ?? value;
}

function isSealed(value: object): value is Sealed {
  return 'kid' in value && 'sealed' in value && typeof value.kid === 'string' && typeof value.sealed === 'string';
}
