// One build, as the parts of the runner pass it to each other.
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { Limits } from '../job/limits.js';
import type { Verdict } from '../job/verdict.js';
import type { ReuseSettings } from '../reuse/mode.js';
import type { BuildContainer } from '../sandbox/container.js';
import type { ArtifactUrlSettings } from '../upload/artifact-url.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import type { Screen } from './events.js';
import type { PreparedJob } from './job.js';
import type { LockfileCollector } from './lockfile.js';
import type { PostBuildProcess } from './post-build-process.js';
import type { SecretScan } from './shipped-secrets.js';

/** The operator's targets. */
export interface TargetSettings {
  /** Opens them, by their file as it is now. */
  open: () => Promise<ConfiguredTarget[]>;
  /** Whether READY means that it is served. */
  readyAfterUpload: boolean;
  /** Whether and how artifacts are sent to addresses that jobs name. */
  artifactUrl: ArtifactUrlSettings;
}

/** The operator's settings. */
export interface BuildSettings {
  redis: Redis;
  /** The secret of this installation. */
  secret: string;
  limits: Limits;
  retentionSeconds: number;
  /** What builds get of the operator's secrets, such as a password of a proxy: hidden in logs. */
  secrets: string[];
  /** What becomes of builds that would ship secrets. */
  secretScan: SecretScan;
  artifacts: ArtifactDirectory;
  /** Whether archives are files; otherwise they are made when somebody asks for one. */
  keepsArchives: boolean;
  /** Where they are served from; undefined if this build is not to be served. */
  targets?: TargetSettings;
  reuse: ReuseSettings;
  /** Where post-build work writes its errors. */
  postBuildLog: string;
  /** The file of the ssh host keys that builds accept; it gets those that a build meets first. */
  knownHosts: string;
  /** Whether the containers of builds that fail are kept for a while. */
  keepsFailed?: boolean;
  /** For queued jobs: how long a build waits for Redis to come back, before it publishes and when it ends. */
  patienceMs?: number;
  /** For queued jobs: whether the user is somewhere else, and not to see where on the machine something failed. */
  hidesPlaces?: boolean;
}

/** One build: a job, the container that it runs in, the screen that shows it, and the verdict that ends it. */
export interface Build {
  job: PreparedJob;
  container: BuildContainer;
  settings: BuildSettings;
  screen: Screen;
  verdict: Verdict;
}

/** A build that runs. */
export interface RunningBuild extends Build {
  postBuild: PostBuildProcess;
  /** Whether it took so short that the next build need not wait until it is saved. */
  isBrief: boolean;
  /** By which its dependencies were installed. */
  lockfile?: LockfileCollector;
}
