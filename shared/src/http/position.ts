import type { FastifyReply } from 'fastify';
import type { Position } from '../kernel/event.ts';
import { Refusal } from '../kernel/refusal.ts';

const maxPosition = 2n ** 63n - 1n;

/** How far a read model must have come before this request is answered; absent where the caller does not mind. */
export function minPosition(request: { readonly headers: object }): Position | undefined {
  const text = (request.headers as Record<string, unknown>)['agentcal-min-position'];
  if (text === undefined) return undefined;
  const position = /^\d{1,19}$/.test(String(text)) ? BigInt(String(text)) : maxPosition + 1n;
  if (position <= maxPosition) return position;
  const fault = {
    pointer: '/headers/agentcal-min-position',
    detail: 'must be a position as AgentCal-Position answers it: a decimal number',
  };
  throw new Refusal('invalid_request', `${fault.pointer} ${fault.detail}`, { errors: [fault] });
}

/** Tells how far a read must have come to see this write. */
export function setPosition(reply: FastifyReply, position: Position): void {
  reply.header('agentcal-position', position.toString());
}
