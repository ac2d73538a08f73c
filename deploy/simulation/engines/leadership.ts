import type { Leadership, Lease } from '@agentcal/projection-service/simulation';
import { createDoorbell, type Doorbell } from '@agentcal/shared/event-store/follow';
import { pause } from '@agentcal/shared/kernel/timing';
import type { Life } from '../world/life.ts';
import { ask, type Line, type World } from '../world/line.ts';

/** One connection's locks. The server may drop it long before the process notices. */
class Session {
  readonly lost = new AbortController();
  readonly life: Life;
  /** As the server knows it. */
  isOpen = true;

  constructor(life: Life) {
    this.life = life;
  }
}

/** In the product whoever waits asks every half a second. Here they are told, so that a run is not mostly asking in vain. */
const retryMs = 30_000;

/** Locks of consumers, as sessions of a server hold them. At times two processes both believe that they lead. */
export class SharedLocks {
  readonly #world: World;
  readonly #holders = new Map<string, Session>();
  readonly #sessions = new Set<Session>();
  readonly #freed = new Map<string, Doorbell>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A session ends at the server; its process goes on as a leader until it hears of it. */
  dropOne(): void {
    const { random, scheduler } = this.#world;
    const sessions = [...this.#sessions].filter(({ isOpen }) => isOpen);
    if (sessions.length === 0) return;
    const session = random.pick(sessions);
    scheduler.note(session.life.name, 'its locks are lost, and it does not know yet');
    this.#end(session);
    session.life.after(random.between(1, 15_000), () => session.lost.abort(new Error('the locks are lost')));
  }

  connect(life: Life): Leadership {
    const line: Line = { ...this.#world, life };
    let session = this.#open(life);
    life.onEnd(() => {
      const ending = session;
      line.scheduler.after(line.random.between(1, 5_000), () => this.#end(ending));
    });
    const tryLead = async (name: string): Promise<Lease | undefined> => {
      if (session.lost.signal.aborted) session = this.#open(life);
      const mine = session;
      const requireOpen = () => {
        if (mine.isOpen) return;
        const lost = new Error('the locks are lost');
        // Whoever asks hears of it.
        life.after(1, () => mine.lost.abort(lost));
        throw lost;
      };
      const locked = await ask(line, () => {
        requireOpen();
        const holder = this.#holders.get(name);
        if (holder?.isOpen) return holder === mine;
        this.#holders.set(name, mine);
        return true;
      });
      if (!locked) return undefined;
      line.scheduler.note(life.name, `leads ${name}`);
      return {
        lost: mine.lost.signal,
        verify: () => ask(line, requireOpen),
        release: () => ask(line, () => void (this.#holders.get(name) === mine && this.#free(name))),
      };
    };
    return {
      tryLead,
      lead: async (name, signal) => {
        for (;;) {
          signal.throwIfAborted();
          const lease = await tryLead(name);
          if (lease) return lease;
          await Promise.race([pause(life.timing, retryMs, signal), this.#bellOf(name).next()]);
          await life.pass(line.random.between(1, 1_000));
        }
      },
      close: async () => {},
    };
  }

  #open(life: Life): Session {
    const session = new Session(life);
    this.#sessions.add(session);
    return session;
  }

  #end(session: Session): void {
    session.isOpen = false;
    this.#sessions.delete(session);
    for (const [name, holder] of this.#holders) if (holder === session) this.#free(name);
  }

  #free(name: string): void {
    this.#holders.delete(name);
    this.#bellOf(name).ring();
  }

  #bellOf(name: string): Doorbell {
    const bell = this.#freed.get(name) ?? createDoorbell();
    this.#freed.set(name, bell);
    return bell;
  }
}
