// Turns settings into options of builds: where artifacts go, how containers are created, which jobs are accepted.
import { resolve } from 'node:path';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { UserId } from '../job/identity.js';
import type { Intake } from '../queue/intake.js';
import type { SandboxDefaults } from '../runner/acquire.js';
import type { BuildSettings, TargetSettings } from '../runner/build.js';
import { readExtraCa } from '../settings/ca.js';
import { readCredentials } from '../settings/credentials.js';
import { knownHostsFile } from '../settings/known-hosts.js';
import { limitsOf } from '../settings/limits.js';
import { proxySecrets, readProxies } from '../settings/proxies.js';
import { OwnSnapshots } from '../snapshot/own.js';
import { Room } from '../snapshot/room.js';
import { openTargets, readTargets, targetsFile } from '../upload/targets.js';
import { findSecret } from './authenticate.js';
import { snapshotUses } from './redis.js';
import { installationOf, type Session } from './session.js';

/** Where artifacts go, unless `--output` names another directory. */
export function artifactsAtHome({ home }: Session): ArtifactDirectory {
  return { directory: resolve(home, 'artifacts'), flat: false, objects: resolve(home, 'objects') };
}

/**
 * How build containers are created.
 * @throws KoalaError `environment` when the certificates, the credentials or the targets cannot be used
 */
export async function sandboxDefaults(session: Session): Promise<SandboxDefaults> {
  const { settings } = session;
  // Each build reads them again. A daemon that cannot should not start.
  await readCredentials(settings.credentials);
  await readTargets(targetsFile(settings, session.home));
  return {
    installation: installationOf(session),
    secret: findSecret(session) ?? '',
    limits: limitsOf(settings),
    keepsArchives: settings.artifactArchive,
    frozenLockfile: settings.frozenLockfile,
    toolCacheLimit: settings.toolCacheLimit,
    downloadCacheLimit: settings.downloadCacheLimit,
    builder: settings.image,
    runtime: settings.runtime,
    proxies: readProxies(session),
    extraCa: await readExtraCa(settings),
    credentials: settings.credentials,
    knownHosts: knownHostsFile(session.home),
    registry: settings.snapshotRegistry,
    room: roomOf(session),
  };
}

/** The room on this machine's disks. Without Redis, the time when a snapshot was saved counts as its last use. */
function roomOf(session: Session): Room {
  return new Room({
    installation: installationOf(session),
    home: session.home,
    reserve: session.settings.diskFree,
    readUses: (names) => snapshotUses(session, names).catch(() => new Map()),
  });
}

/** The options that all builds share. */
export function buildSettings(session: Session): Omit<BuildSettings, 'redis' | 'artifacts'> {
  const { settings, home, env } = session;
  return {
    secret: findSecret(session) ?? '',
    limits: limitsOf(settings),
    keepsArchives: settings.artifactArchive,
    keepsFailed: settings.keepFailed,
    retentionSeconds: settings.retentionSeconds,
    reuse: { mode: settings.reuse, ttlMs: settings.reuseTtlMs, audit: settings.reuseAudit },
    secrets: proxySecrets(readProxies({ settings, env })),
    secretScan: settings.secretScan,
    postBuildLog: resolve(home, 'post-build.log'),
    knownHosts: knownHostsFile(home),
  };
}

/** The operator's targets. */
export function targetSettings({ settings, home, env }: Session): TargetSettings {
  return {
    open: async () => openTargets(await readTargets(targetsFile(settings, home)), env),
    readyAfterUpload: settings.readyAfterUpload,
    artifactUrl: settings,
  };
}

/** A user's snapshots on this machine. */
export function ownSnapshots(session: Session, user: UserId): OwnSnapshots {
  const readUses = (names: string[]) => snapshotUses(session, names);
  return new OwnSnapshots(installationOf(session), {
    user,
    readUses,
    mostBytes: session.settings.cacheLimit,
  });
}

/** The intake, which puts jobs into the queue. */
export function intakeOf(
  { settings }: Session,
  { redis, queue, secret }: Pick<Intake, 'redis' | 'queue' | 'secret'>,
): Intake {
  const { retentionSeconds, rerunSeconds, allowLocalSources, callbackSecret, artifactUrl } = settings;
  return {
    ...{ redis, queue, secret, retentionSeconds, rerunSeconds, artifactUrl },
    allowLocal: allowLocalSources,
    callbacks: callbackSecret !== undefined,
  };
}
