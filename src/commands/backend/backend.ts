// What commands need of koalaci: of this machine, or of a service that is asked over HTTP. A command is written once for both.

import type { Readable } from 'node:stream';
import type { ListedArtifact } from '../../archives/list.js';
import type { OpenArchive } from '../../archives/open-file.js';
import type { Resumed } from '../../archives/release.js';
import type { Verification } from '../../archives/verify.js';
import type { BuildFacts } from '../../job/build-facts.js';
import type { DeploymentId, ProjectId } from '../../job/identity.js';
import type { JobRecord } from '../../job/record.js';
import type { Status } from '../../job/status.js';
import type { RerunWish } from '../../queue/rerun.js';
import type { ListedRelease } from '../../releases/list.js';
import type { Outcome } from '../../releases/switch.js';
import type { OwnSnapshots } from '../../snapshot/own.js';
import type { Box } from '../../store/box.js';
import type { JobPage, PageQuestion } from '../../store/job-pages.js';
import type { LogPart } from '../../store/log-reader.js';

/** All throw a KoalaError with the kinds that HTTP has for the same. */
export interface Backend {
  /** The address of the service; undefined for this machine. */
  readonly server: string | undefined;
  /** Whether lists have the deployments of all users. */
  readonly seesAll: boolean;
  /** A deployment as it is now. A service leaves out what names its machine. */
  load(id: DeploymentId): Promise<JobRecord>;
  /** The same again and again, until it has ended or the signal aborts. A service may be away meanwhile. */
  watch(id: DeploymentId, signal: AbortSignal): AsyncGenerator<JobRecord>;
  /** Deployments, the newest first. */
  page(question: PageQuestion): Promise<JobPage>;
  /**
   * A log to its present end; with a signal, until the deployment has ended or that aborts, and then only what comes after a place.
   */
  log(id: DeploymentId, follow?: AbortSignal, after?: number): AsyncGenerator<LogPart>;
  /** Asks for a cancel, and waits for the end. */
  cancel(id: DeploymentId): Promise<Status>;
  /** Queues a job, which is validated there. */
  queue(job: Record<string, unknown>): Promise<JobRecord>;
  /** Queues a deployment's job again. */
  rerun(id: DeploymentId, wish: RerunWish): Promise<JobRecord>;
  /** What is known of a build beside its record. */
  facts(record: JobRecord): Promise<BuildFacts>;
  /** What goes on there: what waits, what runs, what ended last. */
  box(signal?: AbortSignal): Promise<Box>;
  /** A page about a deployment. It is read while the backend is open. */
  report(id: DeploymentId): Promise<Readable>;
  artifacts(): Promise<StoredArtifacts>;
  releases(): Promise<Releases>;
  snapshots(): Promise<Pick<OwnSnapshots, 'list' | 'prune' | 'remove'>>;
}

/** What builds have shipped. */
export interface StoredArtifacts {
  list(project: string | undefined): Promise<ListedArtifact[]>;
  /** An archive, or a file of it. Nobody is to get its bytes before check(). */
  open(id: DeploymentId, file: string | undefined): Promise<OpenBytes>;
  remove(id: DeploymentId): Promise<{ bytes: number; note?: string }>;
  verify(id: DeploymentId): Promise<Verification>;
}

/** What projects have served. */
export interface Releases {
  list(project: ProjectId): Promise<ListedRelease[]>;
  /** Serves a deployment as the site: from a target, or from all. */
  release(id: DeploymentId, target: string | undefined): Promise<Outcome[]>;
  /** Lets builds of a project be served again. */
  resume(project: ProjectId, target: string | undefined): Promise<Resumed[]>;
  /** Sends an artifact to the targets again. */
  upload(id: DeploymentId): Promise<Outcome[]>;
}

export type OpenBytes = Pick<OpenArchive, 'size' | 'check' | 'read' | 'close'>;
