// What a project has served, as commands on this machine ask for it, and change it.
import type { Redis } from 'ioredis';
import { releaseArtifact, resume } from '../../archives/release.js';
import { uploadAgain } from '../../archives/upload-again.js';
import type { DeploymentId, JobId, ProjectId, UserId } from '../../job/identity.js';
import { type ListedRelease, listReleases } from '../../releases/list.js';
import { parseReleases } from '../../releases/project-releases.js';
import type { Releasing } from '../../releases/releasing.js';
import { readReleases } from '../../store/releases.js';
import { say } from '../../ui/print.js';
import type { TargetOptions } from '../../upload/target.js';
import type { ConfiguredTarget } from '../../upload/targets.js';
import { artifactsAtHome, targetSettings } from '../build-settings.js';
import { onInterrupt } from '../interrupt.js';
import type { Session } from '../session.js';
import type { Releases } from './backend.js';

export class BoxReleases implements Releases {
  readonly #session: Session;
  readonly #redis: Redis;
  readonly #user: UserId;

  constructor(session: Session, redis: Redis, user: UserId) {
    this.#session = session;
    this.#redis = redis;
    this.#user = user;
  }

  async list(project: ProjectId): Promise<ListedRelease[]> {
    return listReleases(parseReleases(await readReleases(this.#redis, { user: this.#user, project })));
  }

  release(id: DeploymentId, target: string | undefined) {
    const by = { user: this.#user, target };
    return this.#withTargets((targets, options) =>
      releaseArtifact(this.#context, targets, { id: this.#idOf(id), by, options }),
    );
  }

  resume(project: ProjectId, target: string | undefined) {
    const owner = { user: this.#user, project };
    const by = { user: this.#user, target };
    return this.#withTargets((targets, options) => resume(this.#context, targets, { owner, by, options }));
  }

  upload(id: DeploymentId) {
    return this.#withTargets((targets, options) =>
      uploadAgain(this.#context, targets, { id: this.#idOf(id), options }),
    );
  }

  /** Opens the targets. An interrupt ends it before anything is switched. */
  async #withTargets<T>(
    use: (targets: ConfiguredTarget[], options: TargetOptions) => Promise<T>,
  ): Promise<T> {
    const targets = await targetSettings(this.#session).open();
    const stop = new AbortController();
    using _ = onInterrupt(() => stop.abort());
    return await use(targets, { signal: stop.signal, say: (line) => say(`koalaci: ${line}\n`) });
  }

  get #context(): Releasing {
    const { retentionSeconds } = this.#session.settings;
    return { redis: this.#redis, artifacts: artifactsAtHome(this.#session), retentionSeconds };
  }

  #idOf(deployment: DeploymentId): JobId {
    return { user: this.#user, deployment };
  }
}
