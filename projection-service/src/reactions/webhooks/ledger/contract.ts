import type { Test } from 'tap';
import type { AnyTransaction } from '../../../engine/consumer.ts';
import type { Attempt } from '../sender.ts';
import type { Endpoint, Ledger, LedgerEntries } from './port.ts';

export interface OpenedLedger {
  readonly ledger: Ledger;
  transaction<T>(work: (trx: AnyTransaction) => Promise<T>): Promise<T>;
  /** A public event, as its read model has it. */
  tell(event: ToldEvent): Promise<void>;
  /** What became of each delivery. */
  statuses(): Promise<readonly { webhookId: string; eventId: string; status: string; attempts: number }[]>;
}

export interface ToldEvent {
  readonly organization_id: string;
  readonly livemode: boolean;
  readonly sequence: number;
  readonly event_id: string;
  readonly type: string;
  readonly subject: string;
  readonly told_position: number;
}

export const eventId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const told = (number: number, more: Partial<ToldEvent> = {}): ToldEvent => ({
  organization_id: 'org_1',
  livemode: false,
  sequence: number,
  event_id: eventId(number),
  type: 'booking.created',
  subject: 'bkg_1',
  told_position: number * 10,
  ...more,
});
export const endpoint = (webhookId: string, more: Partial<Endpoint> = {}): Endpoint => ({
  webhookId,
  organizationId: 'org_1',
  livemode: false,
  url: `https://example.test/${webhookId}`,
  events: ['booking.created'],
  registeredAt: 5n,
  ...more,
});
const ids = [1, 2, 3, 4, 5].map(eventId);
const at = new Date('2026-11-24T09:00:00Z');
const heard: Attempt = { delivered: true, statusCode: 204, detail: null, durationMs: 3 };
const failed: Attempt = { ...heard, delivered: false, statusCode: 500, detail: 'not now' };

/** What every ledger has to hold. `open` answers an empty one. */
export function ledgerContract(t: Test, open: (t: Test) => Promise<OpenedLedger>): void {
  t.test('the ledger of webhooks', async (t) => {
    const { ledger, transaction, tell, statuses } = await open(t);
    const write = <T>(work: (entries: LedgerEntries) => Promise<T>) => transaction((trx) => work(ledger.within(trx)));
    const owe = () => write((entries) => entries.owe(ids));
    await tell(told(1));
    await tell(told(2, { type: 'booking.cancelled' }));
    await tell(told(3, { organization_id: 'org_2' }));
    await tell(told(4, { livemode: true }));
    await tell(told(5, { subject: 'bkg_2' }));

    await t.test('owes each endpoint what it asked for and what happened while it was there, once', async (t) => {
      await write(async (entries) => {
        await entries.register(endpoint('whk_early'));
        await entries.register(endpoint('whk_early', { url: 'https://example.test/other' }));
        await entries.register(endpoint('whk_late', { registeredAt: 10n }));
        await entries.register(endpoint('whk_gone'));
        await entries.remove('whk_gone', 50n);
      });
      t.equal(await owe(), 4);
      const owed = (await statuses()).map((one) => `${one.webhookId} ${one.eventId.slice(-1)} ${one.status}`);
      t.same(owed.sort(), ['whk_early 1 pending', 'whk_early 5 pending', 'whk_gone 1 pending', 'whk_late 5 pending']);
      t.equal(await owe(), 0, 'what is noted is not noted again');
    });

    await t.test('keeps nothing of a transaction that fails', async (t) => {
      const fault = new Error('fault');
      const failing = write(async (entries) => {
        await entries.register(endpoint('whk_never', { registeredAt: 0n }));
        t.equal(await entries.owe(ids), 2, 'it sees what it wrote');
        throw fault;
      });
      await t.rejects(failing, fault);
      t.equal(await ledger.find({ webhookId: 'whk_never', eventId: eventId(1) }), undefined);
    });

    await t.test('finds the event and where it goes', async (t) => {
      const due = await ledger.find({ webhookId: 'whk_early', eventId: eventId(1) });
      t.match(due, { url: 'https://example.test/whk_early', isRemoved: false });
      t.match(due?.event, { event_id: eventId(1), type: 'booking.created', subject: 'bkg_1', sequence: 1 });
      t.same(due?.event.told_at, at);
      t.match(await ledger.find({ webhookId: 'whk_gone', eventId: eventId(1) }), { isRemoved: true });
      t.equal(await ledger.find({ webhookId: 'whk_early', eventId: eventId(9) }), undefined);
      t.same([await ledger.isRemoved('whk_early'), await ledger.isRemoved('whk_gone')], [false, true]);
    });

    await t.test('knows what became of each delivery', async (t) => {
      const made = { number: 1, at, retrySeconds: 0 };
      const [one, five] = await ledger.due('whk_early', 9);
      await ledger.record(one!, { ...failed, ...made });
      t.match(await statusOf(one!.eventId), { status: 'pending', attempts: 1 });
      await ledger.record(one!, { ...heard, ...made, number: 2 });
      t.match(await statusOf(one!.eventId), { status: 'delivered', attempts: 2 });
      await ledger.record(five!, { ...failed, ...made, retrySeconds: undefined });
      t.match(await statusOf(five!.eventId), { status: 'failed', attempts: 1 });
      await ledger.drop('whk_gone');
      t.match((await statuses()).map(({ status }) => status).sort(), ['delivered', 'dropped', 'failed', 'pending']);
    });

    await t.test('forgets endpoints, and not what they were owed', async (t) => {
      await write((entries) => entries.forgetEndpoints());
      t.equal(await ledger.find({ webhookId: 'whk_early', eventId: eventId(1) }), undefined);
      await write((entries) => entries.register(endpoint('whk_early')));
      t.equal(await owe(), 0);
    });

    async function statusOf(id: string) {
      const found = (await statuses()).filter((one) => one.eventId === id);
      return found.find(({ attempts }) => attempts > 0);
    }
  });
}

/** The rest of a row: what the ledger only hands on. */
export const rest = { account_id: 'acct_1', told_at: at, data: {} };
