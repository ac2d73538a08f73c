import { StartRefused } from '../../kernel/start-refused.ts';

/** The database could not be started. */
export class PostgresRefused extends StartRefused {
  override readonly name = 'PostgresRefused';
  /** Another process holds the port; another port would do. */
  readonly portTaken: boolean;
  /** Something of an earlier server has not quite ended yet; a moment later it would do. */
  readonly stillEnding: boolean;

  constructor(message: string, { portTaken = false, stillEnding = false } = {}) {
    super(message);
    this.portTaken = portTaken;
    this.stillEnding = stillEnding;
  }
}
