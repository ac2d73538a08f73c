/** Tables of values by id. */
export type Tables = Map<string, Map<string, unknown>>;

/** Tables as one transaction sees them: its own changes over what was committed. */
export class View {
  readonly #committed: Tables;
  readonly #changes: Tables = new Map();

  constructor(committed: Tables) {
    this.#committed = committed;
  }

  get<T>(table: string, id: string): T | undefined {
    const changed = this.#changes.get(table);
    return (changed?.has(id) ? changed.get(id) : this.#committed.get(table)?.get(id)) as T | undefined;
  }

  /** `undefined` removes it. */
  set(table: string, id: string, value: unknown): void {
    const changed = this.#changes.get(table) ?? new Map<string, unknown>();
    this.#changes.set(table, changed.set(id, value));
  }

  ids(table: string): string[] {
    const all = new Set([...(this.#committed.get(table)?.keys() ?? []), ...(this.#changes.get(table)?.keys() ?? [])]);
    return [...all].filter((id) => this.get(table, id) !== undefined).sort();
  }

  all<T>(table: string): T[] {
    return this.ids(table).map((id) => this.get<T>(table, id)!);
  }

  commit(): void {
    for (const [table, changed] of this.#changes) {
      const rows = this.#committed.get(table) ?? new Map<string, unknown>();
      this.#committed.set(table, rows);
      for (const [id, value] of changed) {
        if (value === undefined) rows.delete(id);
        else rows.set(id, value);
      }
    }
  }
}
