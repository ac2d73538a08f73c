import type { Attempt, Message, Sender } from '@agentcal/projection-service/simulation';
import { ask, type Line } from '../world/line.ts';

/** What a customer's endpoint has heard, repeats included, in the order in which it arrived. */
export interface Heard {
  readonly webhookId: string;
  readonly eventId: string;
  readonly subject: string;
  readonly type: string;
}

/** `late`: it arrives when its sender has long given up on it. */
type Fate = 'unsent' | 'refused' | 'unanswered' | 'late';

/** The endpoints of all customers. Sending is what may fail most: whoever has sent need not know whether it was heard. */
export class Receivers {
  readonly heard: Heard[] = [];
  /** Endpoints that a service behind the sender knows, as Svix does, until it is to forget them. */
  readonly remembered = new Set<string>();

  connect(line: Line): Sender {
    const { faults, random, scheduler, life } = line;
    const hear = ({ webhookId, event: { id: eventId, subject, type } }: Message) => {
      scheduler.note(life.name, `${webhookId.slice(0, 8)} hears ${type} of ${subject}`);
      this.heard.push({ webhookId, eventId, subject, type });
    };
    return {
      send: (message) => {
        const fails = faults.strikes(random, 'sendFails');
        const fate = fails ? random.pick<Fate>(['unsent', 'refused', 'unanswered', 'late']) : 'heard';
        return ask(line, (): Attempt => {
          if (fate !== 'unsent') this.remembered.add(message.webhookId);
          if (fate === 'heard' || fate === 'unanswered') hear(message);
          if (fate === 'late') scheduler.after(random.between(100, 40_000), () => hear(message));
          return attempts[fate];
        });
      },
      forget: (webhookId) => ask(line, () => void this.remembered.delete(webhookId)),
      close: async () => {},
    };
  }
}

const attempts: Record<Fate | 'heard', Attempt> = {
  heard: { delivered: true, statusCode: 204, detail: null, durationMs: 1 },
  refused: { delivered: false, statusCode: 503, detail: 'not now', durationMs: 1 },
  unsent: { delivered: false, statusCode: null, detail: 'no connection', durationMs: 1 },
  unanswered: { delivered: false, statusCode: null, detail: 'no answer in time', durationMs: 1 },
  late: { delivered: false, statusCode: null, detail: 'no answer in time', durationMs: 1 },
};
