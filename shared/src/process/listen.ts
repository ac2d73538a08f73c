import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { StartRefused } from '../kernel/start-refused.ts';
import type { Config } from './config.ts';

/** Listens, and answers where. @throws {StartRefused} with what to do where that is not possible. */
export async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    const address = await app.listen({ host, port });
    return address.replace('127.0.0.1', 'localhost').replace('[::1]', 'localhost');
  } catch (error) {
    throw refusal(error, host, port);
  }
}

/** Finds out before anything else is started whether the port can be had. */
export async function requirePort({ host, port }: Config): Promise<void> {
  const probe = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  probe.once('error', (error) => reject(refusal(error, host, port)));
  probe.listen({ host, port }, () => probe.close(() => resolve()));
  await promise;
}

function refusal(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartRefused(
        `Port ${port} is in use. End what listens there, or set PORT to another one (PORT=0 takes one that is free).`,
      );
    case 'EACCES':
      return new StartRefused(`Port ${port} is not allowed to this user. Set PORT to one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartRefused(`HOST is ${host}, which is no address of this machine. Set it to 127.0.0.1 or 0.0.0.0.`);
    default:
      return error;
  }
}
