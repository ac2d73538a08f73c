import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Test } from 'tap';

/** What the image is given as well (docker-compose.yml), by the names that the template has for it. */
export interface GatewaySettings {
  /** `host:port` */
  readonly COMMAND_SERVICE: string;
  readonly QUERY_SERVICE: string;
  readonly RESOLVER?: string;
  /** Nobody by default. */
  readonly TRUSTED_BALANCER?: string;
}

export interface Gateway {
  readonly url: string;
  /** Everything that it has written so far. */
  said(): Promise<string>;
}

const template = new URL('../../gateway/nginx.conf.template', import.meta.url);

/** Where the binary is: where AGENTCAL_NGINX says, on the path, or where Debian puts it. */
export function findNginx(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/local/bin'];
  const places = [process.env.AGENTCAL_NGINX ?? '', ...folders.map((folder) => join(folder, 'nginx'))];
  return places.find((path) => existsSync(path));
}

/** Why tests that need nginx do not run here, or undefined where they do. AGENTCAL_REQUIRE_NGINX=1 allows no reason. */
export function whyNoNginx(): string | undefined {
  if (findNginx()) return undefined;
  if (process.env.AGENTCAL_REQUIRE_NGINX === '1') throw new Error('nginx is required and is not on this machine');
  return 'nginx is not on this machine (apt-get install nginx-light)';
}

/** A real nginx with the configuration of the gateway's image, as this fills it in: from variables. */
export async function startGateway(t: Test, settings: GatewaySettings): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const written = { RESOLVER: '127.0.0.1', TRUSTED_BALANCER: 'unix:', PORT: `${port}`, ...settings };
    await writeFile(join(folder, 'gateway.conf'), filledIn(await readFile(template, 'utf8'), written));
    await writeFile(join(folder, 'nginx.conf'), around(folder));
    const log = join(folder, 'log');
    const child = await run(folder, log);
    const url = `http://127.0.0.1:${port}`;
    const said = () => readFile(log, 'utf8');
    t.teardown(() => end(child));
    if (await answers(child, url)) return { url, said };
    // Somebody else may have taken the port meanwhile.
    if (attempt === 5 || !(await said()).includes('Address already in use')) {
      throw new Error(`nginx ended: ${await said()}`);
    }
  }
}

/** As `envsubst` does it in the image: only what is set is replaced. */
function filledIn(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)\}/g, (name, variable: string) => variables[variable] ?? name);
}

/** What the image has around conf.d, with every path in one folder. */
function around(folder: string): string {
  return `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log /dev/stderr notice;
events { worker_connections 1024; }
http {
  default_type application/octet-stream;
  sendfile on;
  keepalive_timeout 65;
  client_body_temp_path bodies;
  proxy_temp_path answers;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  include ${folder}/gateway.conf;
}
`;
}

/** Into a file, for nginx opens /dev/stdout, and what Node calls a pipe is a socket, which cannot be opened. */
async function run(folder: string, log: string): Promise<ChildProcess> {
  const output = await open(log, 'a');
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf')];
  const child = spawn(findNginx()!, args, { stdio: ['ignore', output.fd, output.fd] });
  child.on('error', () => {});
  await output.close();
  return child;
}

async function answers(child: ChildProcess, url: string): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`${url}/health/live`).catch(() => undefined);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
