import type { CommandContext } from '@agentcal/shared/kernel/command-context';
import type { DomainEvent, EventMetadata, NewEvent } from '@agentcal/shared/kernel/event';
import { eventIdFrom } from '@agentcal/shared/kernel/ids';
import { toIso } from '@agentcal/shared/kernel/time';

/** Dresses what a decider answered for the log. The same command always gets the same event ids. */
export function newEvents<E extends DomainEvent>(events: readonly E[], context: CommandContext): NewEvent<E>[] {
  const metadata = metadataOf(context);
  return events.map(({ type, data }, index) => ({ id: eventIdFrom(context.commandId, index), type, data, metadata }));
}

export function metadataOf(context: CommandContext): EventMetadata {
  return {
    occurred_at: toIso(context.at),
    organization_id: context.organizationId,
    ...(context.accountId !== undefined && { account_id: context.accountId }),
    livemode: context.livemode,
    actor: context.actor,
    command_id: context.commandId,
    fingerprint: context.fingerprint,
    correlation_id: context.correlationId,
    ...(context.causationId !== undefined && { causation_id: context.causationId }),
    ...(context.requestId !== undefined && { request_id: context.requestId }),
  };
}
