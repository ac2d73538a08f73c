import type { ReadModel } from '@agentcal/projection-service/tables';
import type { Principal } from '@agentcal/shared/http/principal';
import { Refusal } from '@agentcal/shared/kernel/refusal';
import type { Kysely, SelectQueryBuilder } from 'kysely';

/** Tables whose rows belong to an organization, in one of its modes. */
type Owned = { [N in keyof ReadModel]: ReadModel[N] extends { livemode: boolean } ? N : never }[keyof ReadModel];
type InAccount = { [N in Owned]: ReadModel[N] extends { account_id: string } ? N : never }[Owned];

/** Rows of one table that belong to whoever asks. No query of this service begins otherwise. */
export function owned<T extends Owned>(db: Kysely<ReadModel>, table: T, { organizationId, livemode }: Principal) {
  const rows = db.selectFrom(table as Owned) as unknown as SelectQueryBuilder<ReadModel, T, object>;
  return rows.where(({ ref, and, eb }) =>
    and([
      eb(ref(`${table}.organization_id` as never), '=', organizationId as never),
      eb(ref(`${table}.livemode` as never), '=', livemode as never),
    ]),
  );
}

/** The same within one account, which has to be there itself: a deleted one hides everything in it. */
export function inAccount<T extends InAccount>(
  db: Kysely<ReadModel>,
  table: T,
  principal: Principal,
  accountId: string,
) {
  return owned(db, table, principal)
    .where(`${table}.account_id` as never, '=', accountId as never)
    .where(({ exists }) =>
      exists(owned(db, 'accounts', principal).select('accounts.id').where('accounts.id', '=', accountId)),
    );
}

/** @throws {Refusal} `not_found` */
export async function requireAccount(db: Kysely<ReadModel>, principal: Principal, accountId: string): Promise<void> {
  found(
    await owned(db, 'accounts', principal)
      .select('accounts.id')
      .where('accounts.id', '=', accountId)
      .executeTakeFirst(),
  );
}

/** @throws {Refusal} `not_found` where there is none */
export function found<T>(row: T | undefined): T {
  if (row === undefined) throw new Refusal('not_found');
  return row;
}
