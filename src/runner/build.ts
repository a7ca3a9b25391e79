// One build, as the parts of the runner hand it on.
import type { Redis } from 'ioredis';
import type { Limits } from '../job/limits.js';
import type { Verdict } from '../job/verdict.js';
import type { BuildContainer } from '../sandbox/container.js';
import type { ArtifactDirectory } from '../upload/directory.js';
import type { Screen } from './events.js';
import type { PreparedJob } from './job.js';

/** What the operator has set up. */
export interface BuildSettings {
  redis: Redis;
  limits: Limits;
  retentionSeconds: number;
  artifacts: ArtifactDirectory;
  /** Where post-build work writes its errors. */
  postBuildLog: string;
  /** For queued jobs: how long a build waits for an absent Redis before it publishes, and when it ends. */
  patienceMs?: number;
}

/** One build: a job, the container that it runs in, and who hears of it. */
export interface Build {
  job: PreparedJob;
  container: BuildContainer;
  settings: BuildSettings;
  screen: Screen;
  verdict: Verdict;
}
