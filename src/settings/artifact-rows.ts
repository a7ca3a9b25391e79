// Settings of artifacts: where they go, how many of them are kept on this machine, and for how long.
import { parseBytes, parseCount } from '../job/quantity.js';
import { parseReserve } from './free-space.js';
import { orOff, parseAge, parseOnOff, parseSwitch, parseText } from './parsers.js';
import type { SettingRow } from './row.js';

const NONE = Number.POSITIVE_INFINITY;

export const ARTIFACT_ROWS = {
  targets: {
    name: 'KOALACI_TARGETS',
    parse: parseText,
    defaultSays: '`targets.json` in the data directory, if it is there',
    says: 'a file of targets, from which artifacts are served; see [Targets](#targets)',
  },
  readyAfterUpload: {
    name: 'KOALACI_READY_AFTER_UPLOAD',
    parse: parseSwitch,
    default: '1',
    says: '`0`: a deployment is READY before it is uploaded to the targets, and its record says how that went',
  },
  artifactArchive: {
    name: 'KOALACI_ARTIFACT_ARCHIVE',
    parse: parseOnOff,
    default: 'on',
    says: '`on`: the `.tar.gz` of each artifact is a file; `off`: it is made when somebody asks for it, so that each content is on the disk once, and builds ship only what has changed; see [Artifacts](#artifacts)',
  },
  artifactsAge: {
    name: 'KOALACI_ARTIFACTS_AGE',
    parse: orOff(parseAge, NONE),
    // Three times as long as records: what was shipped is wanted back later than anybody asks how it was built.
    default: '90d',
    says: 'how long artifacts are kept; `off` for ever; see [Artifacts](#artifacts)',
  },
  artifactsProjectCount: {
    name: 'KOALACI_ARTIFACTS_PROJECT_COUNT',
    parse: orOff(parseCount, NONE),
    // A month of a team that ships thrice on every working day. Nobody goes back further than that.
    default: '60',
    says: 'artifacts of one project; `off` for no limit',
  },
  artifactsProjectBytes: {
    name: 'KOALACI_ARTIFACTS_PROJECT_BYTES',
    parse: orOff(parseBytes, NONE),
    // Of dist directories as large as they may be (KOALACI_ARTIFACT_LIMIT), ten. And a fifth of what a user may keep, so that one project leaves room for others.
    default: '10g',
    says: 'bytes of the artifacts of one project; `off` for no limit',
  },
  artifactsCount: {
    name: 'KOALACI_ARTIFACTS_COUNT',
    parse: orOff(parseCount, NONE),
    // Each is looked at once an hour: that takes some seconds.
    default: '20000',
    says: 'artifacts on this machine; who has most gives first; `off` for no limit',
  },
  artifactsBytes: {
    name: 'KOALACI_ARTIFACTS_BYTES',
    parse: orOff(parseReserve, { bytes: NONE, percent: NONE }),
    // The other half is for snapshots, and for builds, which need room to begin (KOALACI_DISK_FREE).
    default: '50%,200g',
    says: 'bytes of the artifacts on this machine: a size, a part of the disk, or the smaller one of both; who has most gives first; `off` for no limit',
  },
} as const satisfies Record<string, SettingRow>;
