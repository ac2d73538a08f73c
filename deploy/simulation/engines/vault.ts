import type { Vault } from '@agentcal/shared/vault/port';
import { ask, type Line } from '../world/line.ts';

/**
 * A vault that every process reaches. What it seals can be read by anybody: that sealing keeps a secret is not
 * simulated, only that what was sealed comes back, and that reaching it takes time.
 */
export class SharedVault {
  readonly #kids = new Map<string, string>();
  readonly #secrets = new Map<string, string>();

  connect(line: Line): Vault {
    const secrets = this.#secrets;
    const vault: Vault = {
      seal: ({ scope, kind, id }, data) =>
        ask(line, () => {
          const subject = `${scope} ${kind} ${id}`;
          const kid = this.#kids.get(subject) ?? `dk_${this.#kids.size + 1}`;
          this.#kids.set(subject, kid);
          return { kid, sealed: Buffer.from(JSON.stringify(data)).toString('base64url') };
        }),
      sealAhead: async (subject, data) => ({ sealed: await vault.seal(subject, data), claimed: Promise.resolve() }),
      open: (sealed) => ask(line, () => sealed.map(openSealed)),
      erase: async () => 0,
      putSecret: (name, secret) => ask(line, () => void secrets.set(name, secret)),
      keepSecret: (name, secret) =>
        ask(line, () => {
          const kept = secrets.get(name) ?? secret;
          secrets.set(name, kept);
          return kept;
        }),
      getSecret: (name) => ask(line, () => secrets.get(name)),
      deleteSecret: (name) => ask(line, () => void secrets.delete(name)),
      close: async () => {},
    };
    return vault;
  }
}

export function openSealed({ sealed }: { readonly sealed: string }): unknown {
  return JSON.parse(Buffer.from(sealed, 'base64url').toString());
}
