// A package registry of a test's own, which containers reach: npm's protocol, on the builds' gateway, with tokens if it is to ask.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildsGateway } from './git-server.js';
import { packTarball, type Tarball } from './tarball.js';

interface Published extends Tarball {
  manifest: Record<string, unknown> & { name: string; version: string };
}

export class NpmRegistry {
  readonly #server: Server;
  readonly #packages: Published[] = [];
  /** The host with its port. */
  readonly host: string;
  /** Without this token, all is refused. */
  token: string | undefined;
  /** The token of somebody who may read nothing. */
  readonly foreign = 'somebody-else';

  private constructor(server: Server, host: string) {
    this.#server = server;
    this.host = `${host}:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  static async start(): Promise<NpmRegistry> {
    const host = await buildsGateway();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return new NpmRegistry(server, host);
  }

  get url(): string {
    return `http://${this.host}/`;
  }

  /** Publishes a version of a package with these files beside its package.json. */
  publish(manifest: Published['manifest'], files: Record<string, string> = {}): Tarball {
    const tarball = packTarball({ ...files, 'package.json': JSON.stringify(manifest) });
    this.#packages.push({ ...tarball, manifest });
    return tarball;
  }

  /** The address of a version's tarball. */
  tarball({ name, version }: Published['manifest']): string {
    return `${this.url}${name}/-/${name.replace(/^.*\//, '')}-${version}.tgz`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    if (this.token !== undefined && headers.authorization !== `Bearer ${this.token}`)
      return void response
        .writeHead(headers.authorization === `Bearer ${this.foreign}` ? 403 : 401)
        .end('{}');
    const path = decodeURIComponent(url.slice(1));
    const [name, tarball] = path.split('/-/');
    const versions = this.#packages.filter(({ manifest }) => manifest.name === name);
    if (versions.length === 0) return void response.writeHead(404).end('{}');
    const asked = versions.find(({ manifest }) => tarball && this.tarball(manifest).endsWith(path));
    if (tarball) return void response.writeHead(asked ? 200 : 404).end(asked?.bytes);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(this.#packument(versions)));
  }

  #packument(versions: Published[]) {
    const described = versions.map((one) => ({
      ...one.manifest,
      ...('postinstall' in ((one.manifest.scripts as object) ?? {}) ? { hasInstallScript: true } : {}),
      dist: { tarball: this.tarball(one.manifest), integrity: one.integrity, shasum: one.sha1 },
    }));
    return {
      name: versions[0]?.manifest.name,
      'dist-tags': { latest: versions.at(-1)?.manifest.version },
      versions: Object.fromEntries(described.map((one) => [one.version, one])),
      time: Object.fromEntries(described.map((one) => [one.version, '2020-01-01T00:00:00.000Z'])),
    };
  }
}
