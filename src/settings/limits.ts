// The limits of a build, out of the settings.
import type { Limits } from '../job/limits.js';
import type { Settings } from './settings.js';

/** What the operator lets one build use. Nothing else of the settings: limits travel on command lines, secrets must not. */
export function limitsOf(settings: Settings): Limits {
  return {
    memory: settings.memory,
    cpus: settings.cpus,
    pids: settings.pids,
    disk: settings.diskLimit,
    log: settings.logLimit,
    output: settings.outputLimit,
    artifact: settings.artifactLimit,
    time: settings.timeout,
    silence: settings.silence,
  };
}
