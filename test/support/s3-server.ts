// A real server that speaks S3 and checks signatures, on a port and in a directory of its own, with a wire before it that counts requests and can break.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isSigned } from './sigv4.js';

/** It has no types. */
const S3rver = createRequire(import.meta.url)('@20minutes/s3rver') as new (options: object) => S3rver;
interface S3rver {
  run: () => Promise<AddressInfo>;
  close: () => Promise<void>;
}
const ADDRESS = '127.0.0.1';
/** Its name, where a bucket's name stands before that. The store itself checks signatures by paths alone, so the wire does it by hosts. */
export const DOMAIN = 's3.koala.test';
export const BUCKET = 'sites';
export const KEY = { access_key_id: 'S3RVER', secret_access_key: 'S3RVER' };

const REFUSED = () => ({
  statusCode: 403,
  headers: { 'content-type': 'application/xml' },
  body: Readable.from(['<Error><Code>SignatureDoesNotMatch</Code></Error>']),
});

export class S3Server {
  readonly #store: S3rver;
  readonly #wire: Server;
  readonly #directory: string;
  /** What has been asked, in order: `PUT /sites/key`; with its host, if that is another one. */
  readonly asked: string[] = [];
  /** Whether the wire breaks when a request has come in part. */
  breaks: (asked: string) => boolean = () => false;
  /** How many bytes of an answer come before the wire breaks. */
  breaksAfter: (asked: string) => number = () => Number.POSITIVE_INFINITY;
  /** What happens before a request is passed on. */
  before: (asked: string) => Promise<void> | void = () => {};

  private constructor(store: S3rver, wire: Server, directory: string) {
    this.#store = store;
    this.#wire = wire;
    this.#directory = directory;
  }

  static async start(): Promise<S3Server> {
    const directory = await mkdtemp(join(tmpdir(), 'koala-s3-'));
    const store = new S3rver({
      ...{ port: 0, address: ADDRESS, silent: true, directory },
      configureBuckets: [{ name: BUCKET, configs: [] }],
    });
    const { port } = await store.run();
    const wire = createServer((incoming, outgoing) => {
      void server.#pass(incoming, port).then(
        ({ statusCode = 500, headers, body }) => {
          outgoing.writeHead(statusCode, headers);
          let left = server.breaksAfter(server.asked.at(-1) ?? '');
          body.on('data', (piece: Buffer) => {
            left -= piece.length;
            if (left < 0) outgoing.destroy();
          });
          body.pipe(outgoing);
        },
        () => outgoing.destroy(),
      );
    });
    const server = new S3Server(store, wire, directory);
    await new Promise<void>((resolve) => wire.listen(0, ADDRESS, resolve));
    return server;
  }

  get port(): number {
    return (this.#wire.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://${ADDRESS}:${this.port}`;
  }

  /** As a browser gets an object where the bucket is served. */
  fetch(key: string): Promise<Response> {
    return fetch(`${this.endpoint}/${BUCKET}/${key.split('/').map(encodeURIComponent).join('/')}`);
  }

  /** How many requests there were with a method. */
  count(method: string): number {
    return this.asked.filter((one) => one.startsWith(`${method} `)).length;
  }

  /** All keys that begin so, without the beginning. */
  async keys(prefix: string): Promise<string[]> {
    const root = join(this.#directory, BUCKET);
    const files = await readdir(root, { recursive: true });
    return files
      .flatMap((file) => /^(.*)\._S3rver_object$/.exec(file)?.[1] ?? [])
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .sort();
  }

  async stop(): Promise<void> {
    this.#wire.closeAllConnections();
    await new Promise((resolve) => this.#wire.close(resolve));
    await this.#store.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #pass(incoming: IncomingMessage, port: number) {
    const { method, url = '', headers } = incoming;
    const host = headers.host?.replace(/:.*/, '');
    const asked = [
      method,
      ...(host === ADDRESS ? [] : [host]),
      decodeURIComponent(url).replace(/[?&]x-id=\w+/, ''),
    ].join(' ');
    this.asked.push(asked);
    await this.before(asked);
    if (this.breaks(asked)) {
      incoming.once('data', () => incoming.destroy());
      if (!headers['content-length']) incoming.destroy();
      throw new Error('broken');
    }
    const bucket = headers.host?.split(`.${DOMAIN}`)[0];
    const byHost = bucket !== headers.host;
    if (byHost && !isSigned(incoming, KEY.secret_access_key)) return REFUSED();
    const { authorization, ...rest } = headers;
    const inside = byHost
      ? { path: `/${bucket}${url}`, headers: { ...rest, host: `${ADDRESS}:${port}` } }
      : { path: url, headers };
    return new Promise<{ statusCode?: number; headers: IncomingMessage['headers']; body: Readable }>(
      (resolve, reject) => {
        const passed = request({ host: ADDRESS, port, method, ...inside }, (body) =>
          resolve({ statusCode: body.statusCode ?? 500, headers: body.headers, body }),
        );
        passed.on('error', reject);
        incoming.pipe(passed);
      },
    );
  }
}
