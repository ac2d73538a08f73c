interface Known<T> {
  readonly text: string;
  readonly value: T;
}

/**
 * What text of the database was parsed to, by the id of whom it is about, for as long as the text is the same. The slot engine,
 * too, knows objects again that it has seen before, and has its tables of them ready. So nobody may write to them.
 */
export class ParsedByText<T> {
  readonly #known = new Map<string, Known<T>>();
  readonly #most: number;
  #held = 0;

  /** @param most - characters that are kept. What they become takes some ten times as many bytes */
  constructor(most = 2_000_000) {
    this.#most = most;
  }

  get(id: string, text: string, parse: () => T): T {
    const known = this.#known.get(id);
    if (known?.text === text) return known.value;
    const value = parse();
    if (known) this.#forget(id, known);
    this.#known.set(id, { text, value });
    this.#held += text.length;
    for (const [oldest, its] of this.#known) {
      if (this.#held <= this.#most) break;
      this.#forget(oldest, its);
    }
    return value;
  }

  #forget(id: string, { text }: Known<T>): void {
    this.#known.delete(id);
    this.#held -= text.length;
  }
}
