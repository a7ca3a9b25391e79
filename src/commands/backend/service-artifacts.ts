// What builds have shipped, at a service.
import { Readable } from 'node:stream';
import type { ListedArtifact } from '../../archives/list.js';
import type { Verification } from '../../archives/verify.js';
import { checkedBytes } from '../../artifact/checked-bytes.js';
import { again, Patience } from '../../client/again.js';
import { notKoalaci, unanswered } from '../../client/no-answer.js';
import type { ServiceClient } from '../../client/service-client.js';
import { KoalaError } from '../../job/errors.js';
import type { DeploymentId } from '../../job/identity.js';
import { fromPublicJson } from '../../job/public-json.js';
import { say } from '../../ui/print.js';
import type { OpenBytes, StoredArtifacts } from './backend.js';

/** All of an archive may have to be read before there is an answer. */
const ANSWER_MS = 600_000;
/** Nobody on the way is to pack it again: its bytes are counted and hashed. */
const AS_IT_IS = { 'accept-encoding': 'identity' };

export class ServiceArtifacts implements StoredArtifacts {
  readonly #client: ServiceClient;

  constructor(client: ServiceClient) {
    this.#client = client;
  }

  async list(project: string | undefined): Promise<ListedArtifact[]> {
    const listed = await this.#client.data<object[]>('/artifacts', { query: { project } });
    return listed.map((one) => fromPublicJson(one) as unknown as ListedArtifact);
  }

  async open(id: DeploymentId, file: string | undefined): Promise<OpenBytes> {
    const path = file === undefined ? pathOf(id) : `${pathOf(id)}/files/${escaped(file)}`;
    const client = this.#client;
    const first = await client.open(path, { headers: AS_IT_IS, answerMs: ANSWER_MS });
    const etag = (first.headers.get('etag') ?? '').replace(/^W\//, '');
    const length = first.headers.get('content-length');
    if (length === null) throw notKoalaci(client.url, 'it does not say how long the artifact is', false);
    const size = Number(length);
    return {
      size,
      // Its bytes are compared when they are here.
      check: async () => {},
      read: () => Readable.from(checked(client, { path, etag, size, id }, first), { objectMode: false }),
      close: async () => {},
    };
  }

  remove(id: DeploymentId): Promise<{ bytes: number; note?: string }> {
    return this.#client.data(pathOf(id), { method: 'DELETE', isOnce: true });
  }

  verify(id: DeploymentId): Promise<Verification> {
    return this.#client.data(`${pathOf(id)}/verification`, { answerMs: ANSWER_MS });
  }
}

interface Wanted {
  path: string;
  /** Its sha256, in quotes. */
  etag: string;
  size: number;
  id: string;
}

/** The bytes, the last of them when all are the right ones. */
function checked(client: ServiceClient, wanted: Wanted, first: Response): AsyncGenerator<Uint8Array> {
  const [, sha256] = /^"([0-9a-f]{64})"$/.exec(wanted.etag) ?? [];
  const bytes = bytesOf(client, wanted, first);
  return sha256 === undefined ? bytes : checkedBytes(bytes, sha256, () => changed(wanted.id));
}

/** The bytes of an answer, and of further ones when its connection is lost. */
async function* bytesOf(client: ServiceClient, wanted: Wanted, first: Response): AsyncGenerator<Uint8Array> {
  const { path, etag, size, id } = wanted;
  const patience = new Patience((error) => say(`koalaci: ${(error as Error).message}; asking again\n`));
  let [read, response] = [0, first];
  while (read < size)
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        read += chunk.length;
        patience.answered();
        yield chunk;
      }
      if (read < size) throw new Error('the connection was closed');
    } catch (error) {
      await patience.after(unanswered(client.url, error));
      const headers = { ...AS_IT_IS, range: `bytes=${read}-`, 'if-range': etag };
      response = await again(() => client.open(path, { headers, answerMs: ANSWER_MS }), patience);
      if (response.status !== 206) throw changed(id);
    }
}

function changed(id: string): KoalaError {
  return new KoalaError('conflict', `the artifact of deployment ${id} has changed while it was fetched`, {
    remedy: 'Fetch it again.',
  });
}

function pathOf(id: DeploymentId): string {
  return `/job/${encodeURIComponent(id)}/artifact`;
}

function escaped(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}
