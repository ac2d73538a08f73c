import t from 'tap';
import { createLogger } from './logger.ts';

/** What a logger writes while `say` is running, parsed. */
function logged(say: (log: ReturnType<typeof createLogger>) => void): {
  text: string;
  lines: Record<string, unknown>[];
} {
  let text = '';
  say(createLogger({ level: 'debug', service: 'test', destination: { write: (line) => (text += line) } }));
  return {
    text,
    lines: text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

t.test('lines are JSON with the service, the level by name and the time', async (t) => {
  const { lines } = logged((log) => log.info({ position: '42' }, 'advanced'));
  t.match(lines, [{ service: 'test', level: 'info', time: /^\d{4}-.*Z$/, position: '42', msg: 'advanced' }]);
});

t.test('secrets and personal data do not reach the log', async (t) => {
  const secrets = /hunter2|0secret0|sk_test_abc|ada|lovelace|ada@|whsec_x1|555/i;
  for (const [name, say] of Object.entries({
    'in a field': (log) => log.info({ authorization: 'Bearer hunter2', email: 'ada@example.com', phone: '555' }, 'x'),
    'deeper down': (log) =>
      log.info({ booking: { id: 'b', attendee: { name: 'Ada', email: 'ada@example.com' } } }, 'x'),
    'in a list': (log) => log.info({ guests: ['ada@example.com'], users: [{ name: 'Ada' }] }, 'x'),
    'in headers': (log) => log.info({ headers: { Authorization: 'Bearer hunter2', Cookie: 'hunter2' } }, 'x'),
    'in a message': (log) => log.info('key sk_test_abc of ada@example.com, whsec_x1, Bearer hunter2'),
    'in a link': (log) => log.info(`/v1/public/bookings/link_${'0secret0'.repeat(13)}/cancel`),
    'in an address': (log) => log.info({ url: 'postgres://ada:hunter2@db/x' }, 'to postgres://ada:hunter2@db/x'),
    'in a child': (log) => log.child({ from: 'ada@example.com' }).info('x'),
    'in an error': (log) =>
      log.error(
        {
          err: Object.assign(new Error('for ada@example.com'), { detail: 'Key (name)=(Ada)', parameters: ['hunter2'] }),
        },
        'x',
      ),
    'in the cause of an error': (log) =>
      log.error({ err: new Error('x', { cause: Object.assign(new Error('sk_test_abc'), { row: 'Ada' }) }) }, 'x'),
  } satisfies Record<string, (log: ReturnType<typeof createLogger>) => void>)) {
    t.notMatch(logged(say).text, secrets, name);
  }
});

t.test('errors keep what helps to find them', async (t) => {
  const err = Object.assign(new TypeError('broken', { cause: new Error('deeper') }), { code: 'E1' });
  const { lines } = logged((log) => log.error({ err }, 'failed'));
  t.match(lines, [
    { err: { type: 'TypeError', message: 'broken', code: 'E1', stack: /logger\.test/, cause: { message: 'deeper' } } },
  ]);
});

t.test('and so do copies of errors, and nothing more of them', async (t) => {
  const { message, stack } = new Error('broken');
  const { lines } = logged((log) =>
    log.error({ err: { message, stack, code: 'E1', detail: 'Key (name)=(Ada)' } }, 'failed'),
  );
  t.strictSame(lines[0]?.err, { type: 'Error', message, code: 'E1', stack });
});
