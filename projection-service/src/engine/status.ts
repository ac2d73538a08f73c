import type { Position } from '@agentcal/shared/kernel/event';
import type { Consumer } from './consumer.ts';

/** What a consumer is doing at the moment, for health, metrics and logs. */
export interface ConsumerStatus {
  readonly consumer: string;
  readonly version: number;
  state: ConsumerState;
  position: Position;
  /** How old the newest event of the last batch was when it was committed; 0 at the end of the log. */
  behindMs: number;
  /** Failures in a row. */
  failures: number;
}

/**
 * - waiting: another process leads.
 * - building: a new version catches up beside the live one.
 * - following: applies events as they come.
 * - failing: the last batch did not go through; it is tried again, and nothing is skipped.
 * - superseded: a newer version is live, so this one rests.
 */
export type ConsumerState = 'waiting' | 'building' | 'following' | 'failing' | 'superseded' | 'stopped';

/** Hooks for metrics. */
export interface Observer {
  committed(status: Readonly<ConsumerStatus>, batch: { readonly events: number; readonly durationMs: number }): void;
  failed(status: Readonly<ConsumerStatus>): void;
}

export function newStatus({ name, version }: Consumer): ConsumerStatus {
  return { consumer: name, version, state: 'waiting', position: 0n, behindMs: 0, failures: 0 };
}
