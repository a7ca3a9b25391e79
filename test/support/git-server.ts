// A git server that containers reach: git's own http-backend behind HTTP Basic authentication, on the builds' gateway. It also
// hands out objects of LFS: the files in the directory lfs of a repository, by their ids.
import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { docker } from './docker.js';

export class GitServer {
  readonly #server: Server;
  readonly url: string;
  readonly #authorization: string;

  private constructor(server: Server, host: string, authorization: string) {
    this.#server = server;
    this.#authorization = authorization;
    this.url = `http://${host}:${(server.address() as AddressInfo).port}`;
  }

  /** Serves the repositories below `directory` to who knows the password of the user `git`. */
  static async start(directory: string, password: string): Promise<GitServer> {
    const host = await buildsGateway();
    const expected = `Basic ${Buffer.from(`git:${password}`).toString('base64')}`;
    const server = createServer((request, response) => {
      const isKnown = request.headers.authorization === expected || hasToken(request, password);
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (isKnown && path.endsWith('/info/lfs/objects/batch')) listObjects(directory, request, response);
      else if (isKnown && /^\/[\w.-]+\/lfs\/\w+$/.test(path))
        createReadStream(join(directory, path)).pipe(response);
      else if (isKnown) backend(directory, request, response);
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return new GitServer(server, host, expected);
  }

  /** The address of a repository, with the password in it. */
  withPassword(repository: string, password: string): string {
    return `${this.url.replace('//', `//git:${password}@`)}/${repository}`;
  }

  /** What git-lfs-authenticate prints on a server whose LFS objects are here (git-lfs, docs/api/server-discovery.md). */
  lfsAccess(repository: string): string {
    const header = { Authorization: this.#authorization };
    return JSON.stringify({ href: `${this.url}/${repository}/info/lfs`, header });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Whether a request has the password in a query, to which git adds its path. It is taken out of there. */
function hasToken(request: IncomingMessage, password: string): boolean {
  const [, repository, token, path, query = ''] =
    /^([^?]+)\?access_token=([^/&]+)(\/[^&]*)(?:&(.*))?$/.exec(request.url ?? '') ?? [];
  if (token !== password) return false;
  request.url = `${repository}${path}?${query}`;
  return true;
}

/** The address of this machine on the network of the builds. */
export async function buildsGateway(): Promise<string> {
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  await docker('network', 'create', '--label', 'koalaci.network=1', 'koalaci').catch(() => {});
  return docker('network', 'inspect', '--format', format, 'koalaci');
}

/** Answers where objects are (git-lfs, docs/api/batch.md). */
async function listObjects(
  directory: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { objects } = JSON.parse(await text(request)) as { objects: { oid: string; size: number }[] };
  const { host, authorization } = request.headers;
  const repository = request.url?.split('/info/lfs/')[0] ?? '';
  const answer = objects.map(({ oid, size }) => {
    if (!existsSync(join(directory, repository, 'lfs', oid)))
      return { oid, size, error: { code: 404, message: 'Object does not exist' } };
    const href = `http://${host}${repository}/lfs/${oid}`;
    return { oid, size, actions: { download: { href, header: { authorization } } } };
  });
  const type = { 'content-type': 'application/vnd.git-lfs+json' };
  response.writeHead(200, type).end(JSON.stringify({ transfer: 'basic', objects: answer }));
}

/** One request through the CGI program `git http-backend` (git-http-backend(1)). */
function backend(directory: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const cgi = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: directory,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'],
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    },
  });
  request.pipe(cgi.stdin);
  const chunks: Buffer[] = [];
  cgi.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  cgi.on('close', () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf('\r\n\r\n');
    const headers = all
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(': ') as [string, string]);
    const status = headers.find(([name]) => name === 'Status')?.[1];
    response
      .writeHead(status ? Number.parseInt(status, 10) : 200, Object.fromEntries(headers))
      .end(all.subarray(end + 4));
  });
}
