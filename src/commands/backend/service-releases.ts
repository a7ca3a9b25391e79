// What a project has served, at a service.
import type { Resumed } from '../../archives/release.js';
import type { ServiceClient } from '../../client/service-client.js';
import type { DeploymentId, ProjectId } from '../../job/identity.js';
import { fromPublicJson } from '../../job/public-json.js';
import type { ListedRelease } from '../../releases/list.js';
import type { Outcome } from '../../releases/switch.js';
import type { Releases } from './backend.js';

/** All of a release is uploaded before there is an answer. */
const ANSWER_MS = 600_000;

export class ServiceReleases implements Releases {
  readonly #client: ServiceClient;

  constructor(client: ServiceClient) {
    this.#client = client;
  }

  async list(project: ProjectId): Promise<ListedRelease[]> {
    const listed = await this.#client.data<object[]>('/releases', { query: { project } });
    return listed.map((one) => fromPublicJson(one) as unknown as ListedRelease);
  }

  release(id: DeploymentId, target: string | undefined): Promise<Outcome[]> {
    return this.#outcomes(`${pathOf(id)}/release`, target === undefined ? {} : { target });
  }

  resume(project: ProjectId, target: string | undefined): Promise<Resumed[]> {
    const body = { project, ...(target === undefined ? {} : { target }) };
    return this.#client.data('/releases/resume', asked(body));
  }

  upload(id: DeploymentId): Promise<Outcome[]> {
    return this.#outcomes(`${pathOf(id)}/upload`, {});
  }

  async #outcomes(path: string, body: object): Promise<Outcome[]> {
    const outcomes = await this.#client.data<object[]>(path, asked(body));
    return outcomes.map((one) => fromPublicJson(one) as unknown as Outcome);
  }
}

function asked(body: object) {
  return { method: 'POST', body, answerMs: ANSWER_MS, isOnce: true } as const;
}

function pathOf(id: DeploymentId): string {
  return `/job/${encodeURIComponent(id)}`;
}
