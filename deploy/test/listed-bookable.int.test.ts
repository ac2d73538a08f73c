import fc from 'fast-check';
import t, { type Test } from 'tap';
import { api } from './api.fixture.ts';
import { compareOneHost, oneHost } from './listed/one-host.fixture.ts';
import { compareTeam, team } from './listed/team.fixture.ts';
import { startProduct } from './product.fixture.ts';

/** What the read side lists and explains is what the write side decides, on random worlds over HTTP. */

t.test('a listed start can be booked, and an explanation ends as a booking would', async (t) => {
  const { product } = await startProduct(t);
  const calls = api(product.url, product.testKeys.secretKey);

  async function compare<W>(t: Test, worlds: fc.Arbitrary<W>, numRuns: number, one: (world: W) => Promise<Seen>) {
    const seen: Seen[] = [];
    const property = fc.asyncProperty(worlds, async (world) => {
      seen.push(await one(world));
    });
    await fc.assert(property, { numRuns, endOnFailure: true });
    const taken = seen.reduce((sum, { taken }) => sum + taken, 0);
    const refused = seen.reduce((sum, { refused }) => sum + refused, 0);
    t.comment(`${taken} starts could be booked, ${refused} were refused as explained`);
    t.ok(taken > 0 && refused > 0);
  }

  await t.test('with one host', (t) => compare(t, oneHost, 8, (world) => compareOneHost(calls, world)));
  await t.test('with several hosts', (t) => compare(t, team, 10, (world) => compareTeam(calls, world)));
});

type Seen = { readonly taken: number; readonly refused: number };
