import t from 'tap';
import { asError } from './boss.ts';

t.test('a failure is told by its message, in whatever shape the queue tells of it', async (t) => {
  const real = new Error('no connection');
  t.equal(asError(real), real);
  const copied = asError({ message: 'no connection', stack: 'Error: no connection\n    at work', queue: 'webhooks' });
  t.match(copied, { message: 'no connection', queue: 'webhooks', stack: /at work/ });
  t.type(copied, Error);
});
