// Lists a user's artifacts: those on this machine, and those of which only the record is here.
import { stat } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { UserId } from '../job/identity.js';
import type { RecordFields } from '../job/record.js';
import { list } from '../store/jobs.js';
import { isElsewhere } from './shipped.js';
import type { JudgedArchive } from './standing.js';
import { survey } from './survey.js';

/** More records than a user has in the days for which they are kept. */
const MOST_RECORDS = 100_000;

export interface ListedArtifact {
  deployment: string;
  project: string;
  branch?: string;
  builtAt: number;
  files?: number;
  /** Of the archive. */
  archiveBytes?: number;
  sha256?: string;
  /** Of the list of its entries. */
  digest?: string;
  /** `missing`: it was built here, and somebody has removed it. */
  place: 'here' | 'another_machine' | 'missing';
  /** Whether its record has not expired. */
  recorded: boolean;
}

/** The artifacts of a user, of one project or of all, the newest first. */
export async function listArtifacts(
  redis: Redis,
  artifacts: ArtifactDirectory,
  { user, project }: { user: UserId; project: string | undefined },
): Promise<ListedArtifact[]> {
  const stored = (await survey(redis, artifacts, user)).filter(({ standing }) => standing !== 'garbage');
  const paths = new Set(stored.flatMap(({ described }) => described?.info.path ?? []));
  const records = await list(redis, user, MOST_RECORDS);
  const others = records.filter(({ status, artifact }: RecordFields) => {
    return status === 'READY' && artifact?.removedAt === undefined && !paths.has(artifact?.path ?? '');
  });
  const all = [...stored.map(fromStored), ...(await Promise.all(others.map(fromRecord)))];
  return all
    .filter((one) => project === undefined || one.project === project)
    .sort((a, b) => b.builtAt - a.builtAt);
}

function fromStored(stored: JudgedArchive): ListedArtifact {
  const { deployment, project, branch, builtAt, seen, head, described } = stored;
  const facts = factsOf(head ?? described?.info ?? {});
  const archiveBytes = seen.archive?.size ?? head?.archive_bytes;
  return {
    ...{ deployment, project, builtAt },
    ...(branch === undefined ? {} : { branch }),
    ...facts,
    ...(archiveBytes === undefined ? {} : { archiveBytes }),
    place: 'here',
    recorded: described !== undefined,
  };
}

async function fromRecord(record: RecordFields): Promise<ListedArtifact> {
  const { deployment, project, branch, createdAt, endedAt: builtAt = createdAt, runner, artifact } = record;
  const { path = '', archiveBytes } = artifact ?? {};
  const isHere = await stat(path).then(
    () => !isElsewhere(runner),
    () => false,
  );
  return {
    ...{ deployment, project, branch, builtAt },
    ...factsOf(artifact ?? {}),
    ...(archiveBytes === undefined ? {} : { archiveBytes }),
    place: isHere ? 'here' : isElsewhere(runner) ? 'another_machine' : 'missing',
    recorded: true,
  };
}

type Facts = Pick<ListedArtifact, 'files' | 'sha256' | 'digest'>;

/** What is known of these. */
function factsOf({ files, sha256, digest }: { [Name in keyof Facts]?: Facts[Name] | undefined }): Facts {
  return {
    ...(files === undefined ? {} : { files }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(digest === undefined ? {} : { digest }),
  };
}
