import { defineEvent, type EventOf } from '@agentcal/shared/kernel/event';
import { Type } from 'typebox';

/**
 * A command took its id, just before its first append. Stream `command-{commandId}`, only in stores whose event ids
 * are not unique in the whole log. It does not say that the command's own events followed.
 */
export const CommandReserved = defineEvent(
  'command.reserved.v1',
  Type.Object({
    command_id: Type.String(),
    stream_id: Type.String(),
    /** Where that stream was: the command's own events, if any, are after it. */
    after_revision: Type.Integer(),
  }),
);

export const commandEvents = [CommandReserved] as const;

export type CommandReserved = EventOf<typeof CommandReserved>;
