import type { Instant } from '@agentcal/shared/kernel/time';

/**
 * Owns time. Everything that happens is a task with a moment; between two tasks all that can go on without another
 * one has gone on, so the order of tasks is the order of everything.
 */
export class Scheduler {
  /** What happened, a line each. The same for the same seed, to the byte. */
  readonly trace: string[] = [];
  /** What goes on for some turns of the loop without waiting for a task: a request that hands over its body. */
  readonly moving = new Set<object>();
  #now: Instant;
  #tasks = 0;
  readonly #began: Instant;
  readonly #queue = new Queue();

  constructor(began: Instant) {
    this.#now = began;
    this.#began = began;
  }

  get now(): Instant {
    return this.#now;
  }

  /** The answered function calls it off. */
  after(ms: number, work: () => void): () => void {
    this.#tasks += 1;
    const task: Task = { at: this.#now + Math.max(0, Math.round(ms)), order: this.#tasks, work };
    this.#queue.add(task);
    return () => {
      task.work = undefined;
    };
  }

  /** Time passes for whoever waits, and nobody else stands still meanwhile. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  note(who: string, what: string): void {
    this.trace.push(`${((this.#now - this.#began) / 1000).toFixed(3).padStart(9)} ${who.padEnd(9)} ${what}`);
  }

  /** Carries out tasks until the condition holds. Answers false where that takes longer than to a moment. */
  async run(until: () => boolean, deadline: Instant): Promise<boolean> {
    await this.#settle();
    while (!until()) {
      const task = this.#queue.take();
      if (!task || task.at > deadline) {
        if (task) this.#queue.add(task);
        return false;
      }
      if (!task.work) continue;
      this.#now = task.at;
      task.work();
      await this.#settle();
    }
    return true;
  }

  /** Resolves when everything that waits for no task has gone on. A next tick comes after all that promises do. */
  async #settle(): Promise<void> {
    await new Promise<void>((resolve) => process.nextTick(resolve));
    for (let turns = 0; this.moving.size > 0; turns += 1) {
      if (turns === mostTurns) throw new Error('a request goes on, and waits for no task');
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const mostTurns = 100;

interface Task {
  readonly at: Instant;
  readonly order: number;
  work: (() => void) | undefined;
}

/** The earliest first; of the same moment, the one that was added first. */
class Queue {
  readonly #heap: Task[] = [];

  add(task: Task): void {
    const heap = this.#heap;
    heap.push(task);
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[parent]!)) return;
      swap(heap, at, parent);
      at = parent;
    }
  }

  take(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === first) return first;
    heap[0] = last!;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === at) return first;
      swap(heap, at, least);
      at = least;
    }
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function swap(heap: Task[], a: number, b: number): void {
  [heap[a], heap[b]] = [heap[b]!, heap[a]!];
}
