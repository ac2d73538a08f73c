import type { TeamQuery } from './assignment.ts';
import type { Reason } from './model.ts';
import { Reference } from './reference.ts';

/**
 * The rules of several hosts once more, by the reference of each of them: slow, obvious, written from the rules' text.
 * For tests. Imports nothing of the engine but types.
 */
export class TeamReference {
  private readonly query: TeamQuery;
  private readonly from: number;
  private readonly to: number;
  private readonly needs: readonly { readonly members: readonly number[]; readonly take: number }[];
  /** The place of the host whose hour the grid follows, where several have to be there. */
  private readonly lead: number | undefined;
  private readonly references = new Map<string, Reference>();

  constructor(query: TeamQuery, from: number, to: number) {
    this.query = query;
    this.from = from;
    this.to = to;
    this.needs = needs(query);
    const oneIsEnough = this.needs.length === 1 && this.needs[0]!.take === 1;
    this.lead = oneIsEnough
      ? undefined
      : Math.max(
          0,
          query.hosts.findIndex(({ fixed }) => fixed),
        );
  }

  listed(from: number, to: number): number[] {
    return this.host(this.lead ?? 0).shown(from, (from) => this.listedAllDay(from, to));
  }

  verdict(start: number): { ok: true; hosts: string[] } | { ok: false; reason: Reason | 'host_unavailable' } {
    const verdicts = this.query.hosts.map((_, i) => this.judging(i, start).verdict(start));
    const unmet = this.needs.find(({ members, take }) => members.filter((i) => verdicts[i]!.ok).length < take);
    const ids = this.query.hosts.map(({ calendar }) => calendar.userId);
    if (!unmet) return { ok: true, hosts: ids.filter((_, i) => verdicts[i]!.ok) };
    const reasons = new Set(
      unmet.members.map((i) => verdicts[i]!).flatMap((verdict) => (verdict.ok ? [] : verdict.reason)),
    );
    return { ok: false, reason: reasons.size === 1 ? [...reasons][0]! : 'host_unavailable' };
  }

  /** Every start that a sequence may go on with: what is on the grid, listed or not, and meetings to be joined. */
  offered(from: number, to: number): number[] {
    const starts = new Set(this.joinable(from, to));
    for (let minute = from; minute < to; minute++) {
      const isAligned = this.query.hosts.some((_, i) => {
        if (this.lead !== undefined && this.lead !== i) return false;
        return this.host(i).isAligned(minute) && (this.lead === i || this.host(i).verdict(minute).ok);
      });
      if (isAligned && this.verdict(minute).ok) starts.add(minute);
    }
    return [...starts].sort((a, b) => a - b);
  }

  private listedAllDay(from: number, to: number): number[] {
    const starts = this.lead === undefined ? this.listedForAny(from, to) : this.listedForAll(this.lead, from, to);
    return [...new Set(starts)].sort((a, b) => a - b);
  }

  private listedForAny(from: number, to: number): number[] {
    return this.query.hosts.flatMap((_, i) => this.host(i).listedOfDay(from, to));
  }

  /** Ranges that suit enough hosts, and in each the first start on the lead's hour and every interval after it. */
  private listedForAll(lead: number, from: number, to: number): number[] {
    const { terms, durationMinutes = terms.duration_minutes } = this.query;
    const interval = terms.slot_interval_minutes ?? durationMinutes;
    const own = this.host(lead);
    const isNeeded = this.needs.some(({ members, take }) => members.includes(lead) && take === members.length);
    const restarts = (minute: number) => (isNeeded ? own.restarts.has(minute) : this.isNewDay(own, minute));
    const starts: number[] = [];
    let next: number | undefined;
    for (let minute = from - 4 * 1440; minute < to; minute++) {
      const allowed = this.needs.every(({ members, take }) => {
        return members.filter((i) => this.host(i).isAllowed(minute)).length >= take;
      });
      if (!allowed || restarts(minute)) next = undefined;
      if (!allowed) continue;
      if (next === undefined && own.isAligned(minute)) next = minute;
      if (minute !== next) continue;
      if (minute >= from && this.verdict(minute).ok) starts.push(minute);
      next += interval;
    }
    return [...starts, ...this.joinable(from, to)];
  }

  private joinable(from: number, to: number): number[] {
    const starts = this.query.hosts.flatMap(({ calendar }) => calendar.claims.map(({ start }) => start / 60_000));
    return starts.filter((minute) => minute >= from && minute < to && this.isJoined(minute));
  }

  private isJoined(minute: number): boolean {
    const joins = this.query.hosts.some((_, i) => 'joins' in this.judging(i, minute).verdict(minute));
    return joins && this.verdict(minute).ok;
  }

  private isNewDay(host: Reference, minute: number): boolean {
    const [before, after] = [minute - 1, minute];
    return host.zoneAt(before) !== host.zoneAt(after) || !host.dateOf(before).equals(host.dateOf(after));
  }

  private host(i: number, gridTimezone?: string): Reference {
    const key = `${i} ${gridTimezone}`;
    let known = this.references.get(key);
    if (!known) {
      const query = { ...this.query, host: this.query.hosts[i]!.calendar, ...(gridTimezone && { gridTimezone }) };
      known = new Reference(query, this.from, this.to);
      this.references.set(key, known);
    }
    return known;
  }

  /** A host as judged at a start: by the hour that the lead's clock shows then. */
  private judging(i: number, start: number): Reference {
    return this.host(i, this.lead === undefined ? undefined : this.host(this.lead).zoneAt(start));
  }
}

/** So many of these hosts, for each part that a meeting needs. */
function needs({ assignment, hosts, groups = [] }: TeamQuery): { members: number[]; take: number }[] {
  const places = hosts.map((_, i) => i);
  if (assignment !== 'round_robin') return places.map((i) => ({ members: [i], take: 1 }));
  const fixed = places.filter((i) => hosts[i]!.fixed);
  const names = new Set(places.filter((i) => !hosts[i]!.fixed).map((i) => hosts[i]!.group));
  return [
    ...fixed.map((i) => ({ members: [i], take: 1 })),
    ...[...names].map((name) => ({
      members: places.filter((i) => !hosts[i]!.fixed && hosts[i]!.group === name),
      take: groups.find((group) => group.name === name)?.take ?? 1,
    })),
  ];
}
