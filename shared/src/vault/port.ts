/**
 * Keeps personal data readable only as long as its key lives. A data key belongs to one subject (an
 * attendee within an account, a user); events carry only sealed text. Destroying the key makes every
 * copy of the log mute about that subject, and replay still works.
 */
export interface Vault {
  /** Seals `data` (JSON) for a subject, giving them a key on first use. The key is durable before it resolves. */
  seal(subject: Subject, data: unknown): Promise<Sealed>;
  /**
   * The same without the wait until everybody knows whose key it is: whatever holds the sealed text may be written
   * meanwhile. Who acknowledges that waits for `claimed` first, so that whoever erases the subject afterwards finds the key.
   */
  sealAhead(subject: Subject, data: unknown): Promise<SealedAhead>;
  /** Opens many at once, in order; `null` where the key has been destroyed. */
  open(sealed: readonly Sealed[]): Promise<unknown[]>;
  /** Destroys a subject's keys for good. Answers how many there were. */
  erase(subject: Subject): Promise<number>;
  /** Encrypts a secret (webhook secret, provider token) that is kept outside the log. */
  putSecret(name: string, secret: string): Promise<void>;
  /** Encrypts a secret unless one is kept under that name. Answers the one that is kept, so that all who race agree. */
  keepSecret(name: string, secret: string): Promise<string>;
  getSecret(name: string): Promise<string | undefined>;
  deleteSecret(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface SealedAhead {
  readonly sealed: Sealed;
  /** Rejects where it is not known whether it is written down. `open` does it then. */
  readonly claimed: Promise<void>;
}

/** Whose data it is. `id` may be personal (an e-mail address): the vault stores only a keyed hash of it. */
export interface Subject {
  /** An account id, or the organization's for its members. */
  readonly scope: string;
  readonly kind: 'attendee' | 'user' | 'member';
  readonly id: string;
}

/** AES-256-GCM text with the id of the key that opens it; safe in logs and events. */
export interface Sealed {
  readonly kid: string;
  /** base64url of nonce ‖ ciphertext ‖ tag. */
  readonly sealed: string;
}
