import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Test } from 'tap';

const rebuildProgram = fileURLToPath(import.meta.resolve('../all-in-one/rebuild.ts'));
const projections = ['bookings', 'availability', 'public-events', 'users'];
const tables = ['bookings', 'claims', 'calendar_spans', 'public_events', 'users'];

/** Rebuilds the read models with the program that people use, and compares what stood with what stands then, row by row. */
export async function readModelsEqualTheirRebuild(
  t: Test,
  databaseUrl: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  t.teardown(() => pool.end());
  const rows = async (table: string): Promise<string[]> => {
    const found = await pool.query(`select row_to_json(t)::text as row from read.${table} t order by 1`);
    return found.rows.map(({ row }) => row);
  };
  const before = await Promise.all(tables.map(rows));
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const program = [rebuildProgram, ...projections];
  await promisify(execFile)(process.execPath, program, { env: { PATH, NODE_COMPILE_CACHE, ...env } });
  const after = await Promise.all(tables.map(rows));
  for (const [index, table] of tables.entries()) {
    t.ok(before[index]!.length > 0, `${table} has rows`);
    t.same(after[index], before[index], `${table} equals its rebuild`);
  }
}
