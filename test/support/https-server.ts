// An HTTPS server that containers reach, with a certificate of an authority that nobody knows.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildsGateway } from './git-server.js';

export class HttpsServer {
  readonly #server: Server;
  readonly url: string;
  /** The file of the authority that signed it, its own. */
  readonly ca: string;

  private constructor(server: Server, host: string, ca: string) {
    this.#server = server;
    this.url = `https://${host}:${(server.address() as AddressInfo).port}/`;
    this.ca = ca;
  }

  /** Answers every request with 200; its key and certificate lie in `directory`. */
  static async start(directory: string): Promise<HttpsServer> {
    const host = await buildsGateway();
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    await execa('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=koalaci test', '-addext', `subjectAltName=IP:${host}`],
      ...['-keyout', key, '-out', cert],
    ]);
    const options = { key: await readFile(key), cert: await readFile(cert) };
    const server = createServer(options, (_, response) => response.end('trusted\n'));
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return new HttpsServer(server, host, cert);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
