import { isDeepStrictEqual } from 'node:util';
import type { FoldedEvent } from '@agentcal/shared/kernel/decider';
import { type FieldFault, Refusal } from '@agentcal/shared/kernel/refusal';
import type { EventTypeCommand, SettingsChanges } from './commands.ts';
import type { EventTypeEvent, EventTypeSettings } from './events.ts';
import { checkSettings } from './settings.ts';

export type EventType = { readonly status: 'absent' } | KnownEventType;

export interface KnownEventType {
  readonly status: 'defined' | 'retired';
  readonly id: string;
  readonly accountId: string;
  readonly settings: EventTypeSettings;
  /** Whoever has been its only host: a request that named nobody was decided in their calendar then. */
  readonly onlyHosts: readonly string[];
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

export const category = 'eventtype';

export const initial: EventType = { status: 'absent' };

export function decide({ type, data }: EventTypeCommand, eventType: EventType): readonly EventTypeEvent[] {
  switch (type) {
    case 'DefineEventType': {
      if (eventType.status !== 'absent') return [];
      const { eventTypeId, accountId, settings } = data;
      refuseFaults(settings, data.faults);
      return [{ type: 'eventtype.defined.v1', data: { event_type_id: eventTypeId, account_id: accountId, settings } }];
    }
    case 'ChangeEventType': {
      if (eventType.status !== 'defined') throw new Refusal('not_found');
      const settings = changed(eventType.settings, data.changes);
      if (isDeepStrictEqual(settings, eventType.settings)) return [];
      refuseFaults(settings, data.faults);
      return [{ type: 'eventtype.changed.v1', data: { event_type_id: eventType.id, settings } }];
    }
    case 'RetireEventType':
      if (eventType.status === 'absent') throw new Refusal('not_found');
      if (eventType.status === 'retired') return [];
      return [{ type: 'eventtype.retired.v1', data: { event_type_id: eventType.id } }];
  }
}

export function evolve(eventType: EventType, { type, data, metadata }: FoldedEvent<EventTypeEvent>): EventType {
  if (type === 'eventtype.defined.v1') {
    const { event_type_id: id, account_id: accountId, settings } = data;
    const onlyHosts = withOnlyHost([], settings);
    return { status: 'defined', id, accountId, settings, onlyHosts, createdAt: metadata.occurred_at };
  }
  if (eventType.status === 'absent') return eventType;
  switch (type) {
    case 'eventtype.changed.v1':
      return {
        ...eventType,
        settings: data.settings,
        onlyHosts: withOnlyHost(eventType.onlyHosts, data.settings),
      };
    case 'eventtype.retired.v1':
      return { ...eventType, status: 'retired' };
  }
}

function withOnlyHost(before: readonly string[], { hosts = [] }: EventTypeSettings): readonly string[] {
  const [only] = hosts;
  return only && hosts.length === 1 && !before.includes(only.user_id) ? [...before, only.user_id] : before;
}

function changed(settings: EventTypeSettings, { terms, ...changes }: SettingsChanges): EventTypeSettings {
  return { ...merge(settings, changes), terms: merge(settings.terms, terms ?? {}) };
}

/** JSON Merge Patch (RFC 7396) of one level. */
function merge<T extends object>(whole: T, changes: object): T {
  const merged = {
    ...whole,
    ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
  };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as T;
}

function refuseFaults(settings: EventTypeSettings, faults: readonly FieldFault[]): void {
  const errors = [...checkSettings(settings), ...faults];
  const [first] = errors;
  if (first) throw new Refusal('invalid_request', `${first.pointer} ${first.detail}`, { errors });
}
