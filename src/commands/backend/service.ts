// A service elsewhere, as commands ask it over HTTP.
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { again, Patience } from '../../client/again.js';
import { claimsAdmin } from '../../client/claimed.js';
import { NoAnswer, unanswered } from '../../client/no-answer.js';
import { type Service, ServiceClient } from '../../client/service-client.js';
import type { BuildFacts } from '../../job/build-facts.js';
import { KoalaError } from '../../job/errors.js';
import type { DeploymentId } from '../../job/identity.js';
import { fromPublicJson } from '../../job/public-json.js';
import {
  type BuildingRecord,
  type EndedRecord,
  hasEnded,
  type JobRecord,
  type QueuedRecord,
} from '../../job/record.js';
import type { Status } from '../../job/status.js';
import type { RerunWish } from '../../queue/rerun.js';
import { CANCEL_PATIENCE_MS } from '../../settings/timing.js';
import type { Box } from '../../store/box.js';
import type { JobPage, PageQuestion } from '../../store/job-pages.js';
import type { LogPart } from '../../store/log-reader.js';
import { say } from '../../ui/print.js';
import type { Backend } from './backend.js';
import { eachUntilEnd } from './each-until-end.js';
import { ServiceArtifacts } from './service-artifacts.js';
import { followServiceLog, readServiceLog } from './service-log.js';
import { ServiceReleases } from './service-releases.js';
import { ServiceSnapshots } from './service-snapshots.js';

const CANCEL_POLL_MS = 500;
const isKind = (error: unknown, kind: KoalaError['kind']) =>
  error instanceof KoalaError && error.kind === kind;

export class ServiceBackend implements Backend {
  readonly server: string;
  readonly seesAll: boolean;
  readonly #client: ServiceClient;

  constructor(service: Service) {
    this.server = service.url;
    this.seesAll = claimsAdmin(service.token);
    this.#client = new ServiceClient(service);
  }

  async load(id: DeploymentId): Promise<JobRecord> {
    return recordOf(await this.#client.data(pathOf(id)));
  }

  watch(id: DeploymentId, signal: AbortSignal): AsyncGenerator<JobRecord> {
    const patience = newPatience();
    return eachUntilEnd(() => again(() => this.load(id), patience, signal), signal);
  }

  async page({ filter, limit, cursor }: PageQuestion): Promise<JobPage> {
    const { project, branch, statuses } = filter;
    const query = { project, branch, status: statuses?.join(','), limit: String(limit), cursor };
    const { data, next } = await this.#client.json('/jobs', { query });
    const records = (data as object[]).map(recordOf);
    return { records, ...(typeof next === 'string' ? { next } : {}) };
  }

  async *log(id: DeploymentId, follow?: AbortSignal, after = 0): AsyncGenerator<LogPart> {
    const path = `${pathOf(id)}/log`;
    if (!follow) return yield* readServiceLog(this.#client, path);
    const patience = newPatience();
    // The place in a log is that of one creation of the deployment.
    const { createdAt } = after === 0 ? {} : await again(() => this.load(id), patience, follow);
    const from = createdAt === undefined ? undefined : { createdAt, seq: after };
    yield* followServiceLog(this.#client, path, { from, signal: follow, patience });
  }

  async cancel(id: DeploymentId): Promise<Status> {
    await this.#client.data(`${pathOf(id)}/cancel`, { method: 'PATCH' });
    const deadline = performance.now() + CANCEL_PATIENCE_MS;
    while (performance.now() < deadline) {
      const record = await this.load(id);
      if (hasEnded(record)) return record.status;
      await delay(CANCEL_POLL_MS);
    }
    throw new KoalaError('environment', `the runner of ${id} was asked to stop and has not answered yet`, {
      remedy: `The request stands; "koalaci status ${id}" shows what the build is doing.`,
    });
  }

  async queue(job: Record<string, unknown>): Promise<JobRecord> {
    const id = String(job.deployment_id) as DeploymentId;
    const before = await this.#known(id);
    const create = () => this.#client.data('/job/create', { method: 'POST', body: job, isOnce: true });
    await create().catch(async (error: unknown) => {
      // Whether it is queued, nobody has said. Another one under its id would have been refused.
      if (!(error instanceof NoAnswer && error.passes)) throw error;
      const now = await again(() => this.#known(id), newPatience());
      if (now === undefined || now.createdAt === before?.createdAt) await create();
    });
    return this.load(id);
  }

  async rerun(id: DeploymentId, wish: RerunWish): Promise<JobRecord> {
    const question = { method: 'POST', body: wish, isOnce: true } as const;
    return recordOf(
      await this.#client.data<object>(`${pathOf(id)}/rerun`, question).catch((error: unknown) => {
        if (!(error instanceof NoAnswer && error.passes)) throw error;
        throw new KoalaError('environment', `${error.message}. The job may be queued all the same`, {
          remedy: '"koalaci list" shows whether it is.',
          cause: error,
        });
      }),
    );
  }

  facts({ deployment }: JobRecord): Promise<BuildFacts> {
    return this.#client.data(`${pathOf(deployment)}/facts`);
  }

  async box(signal?: AbortSignal): Promise<Box> {
    const asked = signal ? { signal } : {};
    const { building, queued, ended } = await this.#client.data<Record<keyof Box, object[]>>('/watch', asked);
    return {
      building: building.map((one) => recordOf(one) as BuildingRecord),
      queued: queued.map((one) => recordOf(one) as QueuedRecord),
      ended: ended.map((one) => recordOf(one) as EndedRecord),
    };
  }

  async report(id: DeploymentId): Promise<Readable> {
    const response = await this.#client.open(`${pathOf(id)}/report`, { headers: { accept: 'text/html' } });
    return Readable.from(bodyOf(this.#client, response), { objectMode: false });
  }

  async releases() {
    return new ServiceReleases(this.#client);
  }

  async artifacts() {
    return new ServiceArtifacts(this.#client);
  }

  async snapshots() {
    return new ServiceSnapshots(this.#client);
  }

  /** A deployment, if there is one. */
  async #known(id: DeploymentId): Promise<JobRecord | undefined> {
    return this.load(id).catch((error: unknown) => {
      if (isKind(error, 'not_found')) return undefined;
      throw error;
    });
  }
}

function pathOf(id: DeploymentId): string {
  return `/job/${encodeURIComponent(id)}`;
}

/** A service of another version may know more than this one: what is not known here is kept as it is. */
function recordOf(json: object): JobRecord {
  return fromPublicJson(json) as JobRecord;
}

/** What an answer brings, and what becomes of it. */
async function* bodyOf({ url }: ServiceClient, response: Response): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unanswered(url, error);
  }
}

function newPatience(): Patience {
  return new Patience((error) => {
    const why = error instanceof Error ? error.message : String(error);
    say(`koalaci: ${why}; asking again\n`);
  });
}
