// The beginning of a decision: what can be asked before anything is known of Redis. `koalaci run` asks while it loads the rest.
import { inspectImages } from '../docker/image.js';
import type { InstallationId, ProjectId, UserId } from '../job/identity.js';
import type { Payload } from '../job/payload.js';
import { buildUid } from '../sandbox/build-uid.js';
import { TreeReader } from './reader.js';
import { readerHead } from './request.js';
import { type TreesContainer, type TreesSource, treesContainer } from './trees-container.js';

/** A job of which it is asked. */
export interface AskedJob extends TreesSource {
  user: UserId;
  project: ProjectId;
  branch: string;
  /** In its canonical form. */
  repository: string;
  payload: Payload;
}

/** Where it is asked. */
export interface AskedHere {
  installation: InstallationId;
  secret: string;
  /** The builder image's name. */
  builder: string;
  runtime: string | undefined;
}

/** What has been asked. Disposing of it ends what reads the repository. */
export interface Inquiry extends Disposable {
  job: AskedJob;
  container: TreesContainer;
  /** The first line of a request. */
  head: string;
  /** A reader that has had that line. */
  reader: TreeReader;
  /** The id of the builder image; empty if there is none. */
  image: Promise<string>;
}

/** Begins. Failures are told when the answers are awaited. */
export function inquire(job: AskedJob, { installation, secret, builder, runtime }: AskedHere): Inquiry {
  const container = treesContainer(installation, { image: builder, runtime }, job);
  const head = readerHead(job, buildUid(secret, job.user));
  const reader = TreeReader.open(container, head);
  const image = inspectImages([builder]).then(([found]) => found?.id ?? '');
  // It may fail before anybody waits for it.
  image.catch(() => {});
  return { job, container, head, reader, image, [Symbol.dispose]: () => reader[Symbol.dispose]() };
}
