/**
 * JSON that is parsed once per version of the thing it belongs to. The slot engine, too, knows objects again that it has
 * seen before, and has its tables of them ready.
 */
export class ParsedByRevision<T> {
  readonly #known = new Map<string, { readonly revision: number; readonly value: T }>();
  readonly #max: number;

  constructor(max = 5_000) {
    this.#max = max;
  }

  get(id: string, revision: number, parse: () => T): T {
    const known = this.#known.get(id);
    if (known?.revision === revision) return known.value;
    const value = parse();
    if (this.#known.size >= this.#max) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(id, { revision, value });
    return value;
  }
}
