// The snapshots of a user at a service.
import type { ServiceClient } from '../../client/service-client.js';
import { fromPublicJson } from '../../job/public-json.js';
import type { OwnSnapshots, PruneWish, RemovedSnapshots } from '../../snapshot/own.js';
import type { StoredSnapshot } from '../../snapshot/prune.js';

/** The engine removes one image after the other. */
const ANSWER_MS = 600_000;

export class ServiceSnapshots implements Pick<OwnSnapshots, 'list' | 'prune' | 'remove'> {
  readonly #client: ServiceClient;

  constructor(client: ServiceClient) {
    this.#client = client;
  }

  async list(): Promise<StoredSnapshot[]> {
    const listed = await this.#client.data<object[]>('/cache', { answerMs: ANSWER_MS });
    return listed.map((one) => fromPublicJson(one) as unknown as StoredSnapshot);
  }

  prune({ maxAge, maxBytes }: PruneWish): Promise<RemovedSnapshots> {
    const body = {
      ...(maxAge === undefined ? {} : { max_age_seconds: maxAge / 1000 }),
      ...(maxBytes === undefined ? {} : { max_bytes: maxBytes }),
    };
    return this.#client.data('/cache/prune', { method: 'POST', body, answerMs: ANSWER_MS });
  }

  remove(project: string, branch: string | undefined): Promise<RemovedSnapshots> {
    const question = { method: 'DELETE', query: { project, branch }, answerMs: ANSWER_MS } as const;
    return this.#client.data('/cache', { ...question, isOnce: true });
  }
}
