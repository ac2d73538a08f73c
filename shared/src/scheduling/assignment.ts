import { type Static, Type } from 'typebox';
import type { FieldFault } from '../kernel/refusal.ts';
import type { HostCalendar, SlotQuery } from './model.ts';

/**
 * Who has to be there.
 *
 * - single: the one host who is asked for.
 * - collective: all hosts.
 * - round_robin: all fixed hosts, and so many of each group as it takes; hosts without a group form one that takes one.
 *
 * A room or another resource is a host without a person: usually the member of a group of rooms that takes one.
 */
export const Assignment = Type.Union([Type.Literal('single'), Type.Literal('collective'), Type.Literal('round_robin')]);
export type Assignment = Static<typeof Assignment>;

export const EventTypeHost = Type.Object(
  {
    user_id: Type.String(),
    fixed: Type.Optional(Type.Boolean({ description: 'Always there, also with round robin' })),
    group: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    priority: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, description: 'Higher is asked first; default 0' }),
    ),
    weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: 'Share of bookings; default 100' })),
  },
  { additionalProperties: false },
);
export type EventTypeHost = Static<typeof EventTypeHost>;

export const HostGroup = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 64 }), take: Type.Integer({ minimum: 1, maximum: 100 }) },
  { additionalProperties: false, description: 'How many hosts of a group take part; one where it is not said' },
);
export type HostGroup = Static<typeof HostGroup>;

/** A host of an event type with everything that makes their time free or not. */
export interface TeamHost extends Omit<EventTypeHost, 'user_id'> {
  readonly calendar: HostCalendar;
}

/** One event type with its hosts, one duration. */
export interface TeamQuery extends Omit<SlotQuery, 'host' | 'gridTimezone'> {
  readonly assignment: Assignment;
  readonly hosts: readonly TeamHost[];
  readonly groups?: readonly HostGroup[];
}

/** `take` of the hosts at these places of `hosts`. A meeting fulfils all its needs. */
export interface Need {
  readonly members: readonly number[];
  readonly take: number;
}

/** Who is to be there, as far as that says nothing of anybody's time. */
export interface Staffing {
  readonly assignment: Assignment;
  readonly hosts: readonly Pick<EventTypeHost, 'fixed' | 'group'>[];
  readonly groups?: readonly HostGroup[];
}

export function needsOf({ assignment, hosts, groups = [] }: Staffing): Need[] {
  const fixed: Need[] = [];
  const pools = new Map<string | undefined, number[]>();
  hosts.forEach((host, i) => {
    if (assignment !== 'round_robin' || host.fixed) fixed.push({ members: [i], take: 1 });
    else if (pools.has(host.group)) pools.get(host.group)!.push(i);
    else pools.set(host.group, [i]);
  });
  const takeOf = (name: string | undefined) => groups.find((group) => group.name === name)?.take ?? 1;
  return [...fixed, ...[...pools].map(([name, members]) => ({ members, take: takeOf(name) }))];
}

/** Whether each of its members has to be there. */
export function isAllOf({ members, take }: Need): boolean {
  return take >= members.length;
}

/** Whether one of the hosts, whoever it is, is all that a meeting needs. */
export function takesOne(staffing: Staffing): boolean {
  const needs = needsOf(staffing);
  return needs.length === 1 && needs[0]!.take === 1;
}

/** What the hosts at these places cannot fulfil without the others; the first such need. */
export function unmetNeed(staffing: Staffing, isThere: (place: number) => boolean): Need | undefined {
  return needsOf(staffing).find(({ members, take }) => members.filter(isThere).length < take);
}

/**
 * The host whose local hour the grid follows; undefined where each host has a grid of their own, because one of them
 * is all that a meeting needs.
 */
export function leadOf(query: Pick<TeamQuery, 'assignment' | 'hosts' | 'groups'>): TeamHost | undefined {
  if (takesOne(query)) return undefined;
  return query.hosts.find(({ fixed }) => fixed) ?? query.hosts[0];
}

/** What a schema cannot say about hosts and groups. Pointers are relative to the event type. */
export function checkHosts(hosts: readonly EventTypeHost[], groups: readonly HostGroup[] = []): FieldFault[] {
  const faults: FieldFault[] = [];
  hosts.forEach(({ user_id, fixed, group }, i) => {
    if (hosts.findIndex((other) => other.user_id === user_id) !== i) {
      faults.push({ pointer: `/hosts/${i}/user_id`, detail: 'There is already a host with this user' });
    }
    if (fixed && group !== undefined) {
      faults.push({ pointer: `/hosts/${i}/group`, detail: 'A fixed host is always there and in no group' });
    }
  });
  groups.forEach(({ name, take }, i) => {
    const members = hosts.filter(({ group }) => group === name).length;
    if (members < take) {
      faults.push({ pointer: `/groups/${i}/take`, detail: `The group has ${members} hosts` });
    }
    if (groups.findIndex((other) => other.name === name) !== i) {
      faults.push({ pointer: `/groups/${i}/name`, detail: 'There is already a group of this name' });
    }
  });
  return faults;
}
