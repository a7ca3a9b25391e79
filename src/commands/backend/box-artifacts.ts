// What builds have shipped, as commands on this machine ask for it.
import type { Redis } from 'ioredis';
import { findShipped } from '../../archives/find.js';
import { type ListedArtifact, listArtifacts } from '../../archives/list.js';
import { removeShipped } from '../../archives/remove-shipped.js';
import { type Verification, verifyArtifact } from '../../archives/verify.js';
import { messageOf } from '../../job/errors.js';
import type { DeploymentId, JobId, UserId } from '../../job/identity.js';
import { anywhereOf } from '../anywhere.js';
import { artifactsAtHome, targetSettings } from '../build-settings.js';
import type { Session } from '../session.js';
import type { OpenBytes, StoredArtifacts } from './backend.js';

export class BoxArtifacts implements StoredArtifacts {
  readonly #session: Session;
  readonly #redis: Redis;
  readonly #user: UserId;

  constructor(session: Session, redis: Redis, user: UserId) {
    this.#session = session;
    this.#redis = redis;
    this.#user = user;
  }

  list(project: string | undefined): Promise<ListedArtifact[]> {
    return listArtifacts(this.#redis, this.#artifacts, { user: this.#user, project });
  }

  async open(id: DeploymentId, file: string | undefined): Promise<OpenBytes> {
    const shipped = await findShipped(this.#redis, this.#artifacts, this.#idOf(id));
    const anywhere = anywhereOf(this.#session);
    return file === undefined ? anywhere.archive(shipped) : anywhere.file(shipped, file);
  }

  async remove(id: DeploymentId): Promise<{ bytes: number; note?: string }> {
    const where = { artifacts: this.#artifacts, openTargets: targetSettings(this.#session).open };
    const how = 'by "koalaci artifacts rm"';
    const { bytes, failure } = await removeShipped(this.#redis, where, this.#idOf(id), how);
    return { bytes, ...(failure === undefined ? {} : { note: messageOf(failure) }) };
  }

  async verify(id: DeploymentId): Promise<Verification> {
    const shipped = await findShipped(this.#redis, this.#artifacts, this.#idOf(id));
    return verifyArtifact(shipped, this.#artifacts);
  }

  get #artifacts() {
    return artifactsAtHome(this.#session);
  }

  #idOf(deployment: DeploymentId): JobId {
    return { user: this.#user, deployment };
  }
}
