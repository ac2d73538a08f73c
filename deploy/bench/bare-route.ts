import { createPool } from '@agentcal/shared/postgres/pool';
import Fastify from 'fastify';

/**
 * The floor of a read, a process of its own like the product: a bare Fastify route that answers one row found by an
 * indexed, prepared select. `bytes` pads the answer to the length of another.
 */
const pool = createPool(process.env.DATABASE_URL!, { name: 'bench floor' });
const app = Fastify();
const paddings = new Map<number, string>();

app.get('/one', async (request) => {
  const { bytes } = request.query as { bytes?: string };
  const { rows } = await pool.query({
    name: 'bench-one',
    text: 'select id, data from bench.floor where id = $1',
    values: [1],
  });
  return bytes === undefined ? rows[0] : { ...rows[0], padding: paddingOf(Number(bytes)) };
});

/** Like an answer that is ready as text, it costs its bytes and nothing to make. */
function paddingOf(bytes: number): string {
  const padding = paddings.get(bytes) ?? 'x'.repeat(bytes);
  paddings.set(bytes, padding);
  return padding;
}

app.get('/health/ready', async () => ({}));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.once('SIGTERM', () => app.close().then(() => pool.end()));
