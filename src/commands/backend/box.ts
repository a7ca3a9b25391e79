// This machine, as commands ask it: Redis and the engine.
import type { Readable } from 'node:stream';
import type { Redis } from 'ioredis';
import type { BuildFacts } from '../../job/build-facts.js';
import type { Identity } from '../../job/claims.js';
import type { DeploymentId, JobId } from '../../job/identity.js';
import type { JobRecord } from '../../job/record.js';
import type { Status } from '../../job/status.js';
import type { RerunWish } from '../../queue/rerun.js';
import type { Box } from '../../store/box.js';
import { type JobPage, type PageQuestion, readPage } from '../../store/job-pages.js';
import { load } from '../../store/jobs.js';
import { followLog, type LogPart, readLog } from '../../store/log-reader.js';
import { withPlace } from '../../store/queue-place.js';
import { installationOf, type Session } from '../session.js';
import type { Backend } from './backend.js';
import { eachUntilEnd } from './each-until-end.js';

/** Of a log, few at a time: who wants the first line only does not wait for more. */
const CHUNKS = 8;

export class BoxBackend implements Backend {
  readonly server = undefined;
  readonly seesAll: boolean;
  readonly #session: Session;
  readonly #redis: Redis;
  readonly #identity: Identity;

  constructor(session: Session, redis: Redis, identity: Identity) {
    this.#session = session;
    this.#redis = redis;
    this.#identity = identity;
    this.seesAll = identity.isAdmin;
  }

  async load(id: DeploymentId): Promise<JobRecord> {
    return withPlace(this.#redis, await load(this.#redis, this.#idOf(id)));
  }

  watch(id: DeploymentId, signal: AbortSignal): AsyncGenerator<JobRecord> {
    return eachUntilEnd(() => this.load(id), signal);
  }

  page(question: PageQuestion): Promise<JobPage> {
    const { isAdmin, user } = this.#identity;
    return readPage(this.#redis, isAdmin ? 'all' : user, question);
  }

  async *log(deployment: DeploymentId, follow?: AbortSignal, after = 0): AsyncGenerator<LogPart> {
    const id = this.#idOf(deployment);
    await load(this.#redis, id);
    yield* follow ? followLog(this.#redis, id, follow, after) : readLog(this.#redis, id, 0, CHUNKS);
  }

  async cancel(id: DeploymentId): Promise<Status> {
    const [{ reap }, { cancelAndWait }] = await Promise.all([
      import('../../runner/reaper.js'),
      import('../../store/cancel.js'),
    ]);
    // A dead runner cannot answer: first remove the containers that it left on this machine.
    await reap(this.#redis, installationOf(this.#session)).catch(() => {});
    return cancelAndWait(this.#redis, this.#idOf(id));
  }

  async queue(job: Record<string, unknown>): Promise<JobRecord> {
    const { queueHere } = await import('./box-queue.js');
    return queueHere(this.#session, this.#redis, { user: this.#identity.user, job });
  }

  async rerun(id: DeploymentId, wish: RerunWish): Promise<JobRecord> {
    const { rerunHere } = await import('./box-queue.js');
    return rerunHere(this.#session, this.#redis, { id: this.#idOf(id), wish });
  }

  async facts(record: JobRecord): Promise<BuildFacts> {
    const { factsHere } = await import('../show-facts.js');
    return factsHere(this.#session, this.#redis, record);
  }

  async box(): Promise<Box> {
    const { lookAtBox } = await import('../../store/box.js');
    return lookAtBox(this.#redis, this.seesAll ? 'all' : this.#identity.user);
  }

  async report(id: DeploymentId): Promise<Readable> {
    const { reportHere } = await import('./box-report.js');
    return reportHere(this.#session, this.#redis, this.#idOf(id));
  }

  async releases() {
    const { BoxReleases } = await import('./box-releases.js');
    return new BoxReleases(this.#session, this.#redis, this.#identity.user);
  }

  async artifacts() {
    const { BoxArtifacts } = await import('./box-artifacts.js');
    return new BoxArtifacts(this.#session, this.#redis, this.#identity.user);
  }

  async snapshots() {
    const { ownSnapshots } = await import('../build-settings.js');
    return ownSnapshots(this.#session, this.#identity.user);
  }

  #idOf(deployment: DeploymentId): JobId {
    return { user: this.#identity.user, deployment };
  }
}
