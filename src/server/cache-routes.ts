// The routes of a user's snapshots on the machine of the service.
import * as z from 'zod';
import { KoalaError } from '../job/errors.js';
import { publicJson, publicSchema } from '../job/public-json.js';
import type { OwnSnapshots } from '../snapshot/own.js';
import { withoutImage } from '../snapshot/prune.js';
import type { Parameter } from './parameter.js';
import { queryOf } from './request.js';
import type { Route } from './route.js';
import { data } from './schemas.js';
import type { Services } from './services.js';

/** The engine removes image after image meanwhile, and nothing is sent: the service would close the connection. */
const ANSWER_MS = 600_000;
const WHICH: Parameter[] = [
  { name: 'project', in: 'query', description: 'the project' },
  { name: 'branch', in: 'query', description: 'only of this branch' },
];

const Snapshot = z.object({
  name: z.string(),
  user: z.string(),
  project: z.string(),
  repository: z.string(),
  branch: z.string(),
  bytes: z.number(),
  usedAt: z.number(),
  hits: z.number().describe('builds that started from it'),
});
const Removed = data(z.strictObject({ snapshots: z.number(), bytes: z.number(), unowned: z.number() }));
const Wish = z.strictObject({
  max_age_seconds: z.number().positive().optional().describe('also those that were not used for so long'),
  max_bytes: z.number().positive().optional().describe('instead of KOALACI_CACHE_LIMIT'),
});

export function cacheRoutes(services: Services): Route[] {
  return [listed, pruning, removal].map((route) => route(services));
}

const listed = ({ snapshots }: Services): Route => ({
  method: 'GET',
  path: '/cache',
  summary: 'List your snapshots on this machine, the most recently used first',
  answer: data(z.array(publicSchema(Snapshot))),
  errors: [],
  handler: async ({ user }) => ({
    data: (await opened(snapshots)(user).list()).map((entry) => publicJson(withoutImage(entry))),
  }),
});

const pruning = ({ snapshots }: Services): Route => ({
  method: 'POST',
  path: '/cache/prune',
  summary: 'Remove your least recently used snapshots on this machine until the rest fits',
  body: Wish,
  answer: Removed,
  errors: ['bad_input'],
  handler: async ({ user, body, raw }) => {
    const { data: wish, error } = Wish.safeParse(body ?? {});
    const [issue] = error?.issues ?? [];
    if (!wish) throw new KoalaError('bad_input', `${issue?.path.join('.') || 'the body'}: ${issue?.message}`);
    raw.socket.setTimeout(ANSWER_MS);
    const { max_age_seconds: age, max_bytes: maxBytes } = wish;
    const maxAge = age === undefined ? undefined : age * 1000;
    return { data: await opened(snapshots)(user).prune({ maxAge, maxBytes }) };
  },
});

const removal = ({ snapshots }: Services): Route => ({
  method: 'DELETE',
  path: '/cache',
  summary: 'Remove your snapshots of a project on this machine, or of one of its branches',
  parameters: WHICH,
  answer: Removed,
  errors: ['bad_input', 'not_found'],
  handler: async (request) => {
    const { project, branch } = queryOf(request);
    if (!project) throw new KoalaError('bad_input', 'project: is missing');
    request.raw.socket.setTimeout(ANSWER_MS);
    return { data: await opened(snapshots)(request.user).remove(project, branch) };
  },
});

function opened(snapshots: Services['snapshots']): (user: OwnSnapshotsUser) => OwnSnapshots {
  if (snapshots) return snapshots;
  throw new KoalaError('environment', 'this service only accepts jobs: it has no snapshots', {
    remedy: 'Ask on a machine that builds: "koalaci cache" there.',
  });
}

type OwnSnapshotsUser = Parameters<NonNullable<Services['snapshots']>>[0];
