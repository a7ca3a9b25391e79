// Takes the limits of a build from the settings.
import type { Limits } from '../job/limits.js';
import type { Settings } from './settings.js';

/** What one build may use. No other settings: limits go onto command lines, where secrets must not be. */
export function limitsOf(settings: Settings): Limits {
  return {
    memory: settings.memory,
    cpus: settings.cpus,
    pids: settings.pids,
    disk: settings.diskLimit,
    inodes: settings.inodeLimit,
    log: settings.logLimit,
    output: settings.outputLimit,
    artifact: settings.artifactLimit,
    artifactEntries: settings.artifactEntries,
    artifactPath: settings.artifactPath,
    artifactDepth: settings.artifactDepth,
    time: settings.timeout,
    silence: settings.silence,
  };
}
