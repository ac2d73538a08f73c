import t from 'tap';
import { publicUrlOf } from './public-url.ts';

const listening = { address: () => ({ port: 4321, address: '127.0.0.1', family: 'IPv4' }) };
const asleep = { address: () => null };

t.test('where people reach the product', async (t) => {
  const configured = { publicUrl: 'https://book.example.test', host: '127.0.0.1', port: 0 };
  t.equal(publicUrlOf(configured, listening)(), 'https://book.example.test');
  const local = { publicUrl: undefined, host: '127.0.0.1', port: 0 };
  t.equal(publicUrlOf(local, listening)(), 'http://localhost:4321', 'the port that was free');
  t.equal(publicUrlOf({ ...local, port: 3000 }, asleep)(), 'http://localhost:3000');
  t.equal(publicUrlOf({ ...local, host: 'fd00::1' }, listening)(), 'http://[fd00::1]:4321');
  t.equal(publicUrlOf({ ...local, host: 'box.example.test' }, listening)(), 'http://box.example.test:4321');
});
