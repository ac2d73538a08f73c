import { status as codes, Metadata, type StatusObject } from '@grpc/grpc-js';

/**
 * How the double misbehaves when a test tells it to. Everything is off unless told, and off again after
 * a restart. Killing and stopping are not here: those happen to the whole process, from outside.
 */
export interface Faults {
  /** Die at the next append: before it is written, or after it and before the answer. */
  dieAtAppend?: 'before' | 'after';
  /** Take appends and never answer them. They are written all the same. */
  swallowAnswers?: boolean;
  /** Judge without any memory of ids, as a server whose idempotence does not reach that far. */
  forgetful?: boolean;
  /** Leave subscriptions open and tell them nothing. */
  mute?: boolean;
  /** Refuse everything for want of rights. */
  deny?: boolean;
  /** Send those who require the leader there. */
  leader?: { readonly host: string; readonly port: number };
  /** Answer gossip as a node that nobody may use yet. */
  electing?: boolean;
}

export const faults: Faults = {};

/** The status with which a call is refused before it begins, if it is. */
export function refusalOf(metadata: Metadata): Partial<StatusObject> | undefined {
  if (faults.deny) return refusal(codes.PERMISSION_DENIED, { exception: 'access-denied' });
  if (faults.leader && metadata.get('requires-leader').includes('true')) {
    const { host, port } = faults.leader;
    return refusal(codes.NOT_FOUND, {
      exception: 'not-leader',
      'leader-endpoint-host': host,
      'leader-endpoint-port': String(port),
    });
  }
  return undefined;
}

function refusal(code: codes, trailers: Record<string, string>): Partial<StatusObject> {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { code, details: trailers.exception!, metadata };
}

/** Ends this process as a power cut would. */
export function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}
