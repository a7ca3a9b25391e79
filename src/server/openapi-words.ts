// What is said of routes in the OpenAPI document beside their rows: a name for programs, a group, an example. A route without a line here
// has a name made of its path, and an example made of its schema.
import type { Route } from './route.js';

interface Words {
  /** The name of the function in clients that are generated. */
  id: string;
  tag: Tag;
  /** The body of a request, and of its answer. */
  request?: unknown;
  answer?: unknown;
}

/** The groups, and what they are about. */
export const TAGS = {
  jobs: 'Create, see, cancel',
  logs: 'What builds print',
  artifacts: 'What was shipped, and what is served',
  projects: 'What a repository is',
  service: 'How the service is',
} as const;
export type Tag = keyof typeof TAGS;

const JOB = {
  ...{ status: 'READY', user: 'ann', deployment: 'my-deployment', project: 'my-site' },
  ...{ attempt: '0b9f5c1e-1f0a-4c55-9a53-0c8d2f1f7f0a', branch: 'main' },
  ...{ repo: 'https://github.com/me/my-site.git', created_at: '2026-01-31T12:00:00.000Z' },
  ...{ started_at: '2026-01-31T12:00:01.000Z', commit: '3f9c2a17d1e0c8b7f6a5948372615f4e3d2c1b0a' },
  ...{ node: '22.23.3', manager: 'npm 11.21.2', ended_at: '2026-01-31T12:00:09.999Z' },
  artifact: { files: 3, bytes: 708, sha256: 'ab'.repeat(32), archive_bytes: 500 },
};

const WORDS: Record<string, Words> = {
  'POST /job/create': {
    ...{ id: 'createJob', tag: 'jobs' },
    request: {
      ...{ project_id: 'my-site', deployment_id: 'my-deployment', project_branch: 'main' },
      ...{ project_repo_url: 'https://github.com/me/my-site.git', project_build_command: 'npm run build' },
      ...{ project_package_manager: 'npm', project_dist_directory: 'dist' },
    },
  },
  'PATCH /job/:id/cancel': { id: 'cancelJob', tag: 'jobs' },
  'GET /job/:id/status': { id: 'getJobStatus', tag: 'jobs', answer: { data: 'BUILDING' } },
  'GET /job/:id': { id: 'getJob', tag: 'jobs', answer: { data: JOB } },
  'GET /jobs': { id: 'listJobs', tag: 'jobs', answer: { data: [JOB] } },
  'GET /job/:id/facts': {
    ...{ id: 'getFacts', tag: 'jobs' },
    answer: { data: { largest: [{ path: 'index.html', bytes: 402 }], earlier: [{ ms: 9_120, bytes: 708 }] } },
  },
  'GET /watch': {
    ...{ id: 'watch', tag: 'jobs' },
    answer: { data: { building: [], queued: [], ended: [JOB] } },
  },
  'GET /job/:id/report': { id: 'getReport', tag: 'jobs' },
  'GET /job/:id/log': {
    id: 'getLog',
    tag: 'logs',
    answer: { data: 'koalaci: npm ci (package-lock.json)\n' },
  },
  'POST /job/:id/log-token': {
    ...{ id: 'createLogToken', tag: 'logs' },
    answer: {
      data: {
        ...{ token: 'eyJ…', url: '/job/my-deployment/log?token=eyJ…' },
        expires_at: '2026-01-31T12:55:00.000Z',
      },
    },
  },
  'GET /job/:id/artifact': { id: 'getArtifact', tag: 'artifacts' },
  'GET /job/:id/artifact/files/*': { id: 'getArtifactFile', tag: 'artifacts' },
  'GET /job/:id/artifact/manifest': { id: 'getManifest', tag: 'artifacts' },
  'GET /job/:id/artifact/provenance': { id: 'getProvenance', tag: 'artifacts' },
  'GET /job/:id/artifact/sbom': { id: 'getSbom', tag: 'artifacts' },
  'POST /job/:id/release': {
    ...{ id: 'releaseJob', tag: 'artifacts', request: { target: 'production' } },
    answer: { data: [{ target: 'production', place: 'current' }] },
  },
  'POST /job/:id/upload': {
    ...{ id: 'uploadJob', tag: 'artifacts' },
    answer: { data: [{ target: 'production', place: 'current' }] },
  },
  'GET /releases': { id: 'listReleases', tag: 'artifacts' },
  'POST /releases/resume': {
    ...{ id: 'resumeReleases', tag: 'artifacts', request: { project: 'my-site' } },
    answer: { data: [{ target: 'production', deployment: 'my-deployment' }] },
  },
  'POST /detect': {
    ...{ id: 'detectProject', tag: 'projects' },
    request: { project_repo_url: 'https://github.com/me/my-site.git' },
  },
  'GET /healthz': { id: 'getHealth', tag: 'service' },
  'GET /readyz': { id: 'getReadiness', tag: 'service' },
  'GET /metrics': { id: 'getMetrics', tag: 'service', answer: 'koalaci_builds_running 2\n' },
  'GET /openapi.json': { id: 'getOpenApi', tag: 'service', answer: { openapi: '3.1.0' } },
};

/** What is said of a route. */
export function wordsOf({ method, path }: Pick<Route, 'method' | 'path'>): Words {
  return WORDS[`${method} ${path}`] ?? { id: nameOf(method, path), tag: 'jobs' };
}

/** `GET /job/:id/report` → `getJobReport`. */
function nameOf(method: string, path: string): string {
  const parts = path.split('/').filter((part) => /^[a-z]/.test(part));
  const words = parts.flatMap((part) => part.split('-'));
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}
