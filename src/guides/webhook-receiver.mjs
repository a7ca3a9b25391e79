// Takes the push webhooks of GitHub, GitLab or Gitea, has koalaci build what was pushed, and reports how that goes as the status of the
// commit. See webhooks.md beside it. It keeps nothing: where to report to is in the address that koalaci calls, which is signed.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { FORGE, FORGE_API, FORGE_TOKEN, HOOK_SECRET, KOALACI_SERVER, KOALACI_TOKEN, CALLBACK_KEY } =
  process.env;
const { PUBLIC_URL, PORT = '8090', HOST = '127.0.0.1', JOB = '{}' } = process.env;
const BODY_BYTES = 25 * 1024 ** 2; // what GitHub sends at most
const FRESH_SECONDS = 300;

const hmac = (key, text) => createHmac('sha256', key).update(text).digest('hex');
const digest = (text) => createHash('sha256').update(String(text)).digest();
/** Of digests, so that neither time nor length tells anything of the secret. */
const isSame = (given, expected) => timingSafeEqual(digest(given), digest(expected));

/** What the three have in common, and what each says in its own words. */
const FORGES = {
  github: {
    api: 'https://api.github.com',
    isPush: (headers) => headers['x-github-event'] === 'push',
    isSigned: (headers, body) => isSame(headers['x-hub-signature-256'], `sha256=${hmac(HOOK_SECRET, body)}`),
    push: likeGitHub,
    statusPath: (to, sha) => `/repos/${to}/statuses/${sha}`,
    headers: { authorization: `Bearer ${FORGE_TOKEN}`, accept: 'application/vnd.github+json' },
    states: { QUEUED: 'pending', BUILDING: 'pending', READY: 'success', ERROR: 'failure', CANCELED: 'error' },
    named: { context: 'koalaci' },
  },
  gitlab: {
    api: 'https://gitlab.com/api/v4',
    isPush: (headers) => ['Push Hook', 'Tag Push Hook'].includes(headers['x-gitlab-event']),
    isSigned: (headers) => isSame(headers['x-gitlab-token'], HOOK_SECRET),
    push: ({ ref, checkout_sha: sha, project }) => ({
      ...{ ref, sha, to: String(project.id), name: project.path_with_namespace },
      ...{ url: project.git_http_url, main: project.default_branch },
    }),
    statusPath: (to, sha) => `/projects/${to}/statuses/${sha}`,
    headers: { 'private-token': FORGE_TOKEN },
    states: {
      QUEUED: 'pending',
      BUILDING: 'running',
      READY: 'success',
      ERROR: 'failed',
      CANCELED: 'canceled',
    },
    named: { name: 'koalaci' },
  },
  gitea: {
    isPush: (headers) => headers['x-gitea-event'] === 'push',
    isSigned: (headers, body) => isSame(headers['x-gitea-signature'], hmac(HOOK_SECRET, body)),
    push: likeGitHub,
    statusPath: (to, sha) => `/repos/${to}/statuses/${sha}`,
    headers: { authorization: `token ${FORGE_TOKEN}` },
    states: { QUEUED: 'pending', BUILDING: 'pending', READY: 'success', ERROR: 'failure', CANCELED: 'error' },
    named: { context: 'koalaci' },
  },
};
const forge = FORGES[FORGE];
const api = FORGE_API || forge?.api;
const needed = {
  FORGE: forge,
  FORGE_API: api,
  FORGE_TOKEN,
  HOOK_SECRET,
  KOALACI_SERVER,
  KOALACI_TOKEN,
  CALLBACK_KEY,
  PUBLIC_URL,
};
const missing = Object.keys(needed).filter((name) => !needed[name]);
if (missing.length > 0)
  throw new Error(`set ${missing.join(', ')}; FORGE is ${Object.keys(FORGES).join(', ')}`);

/** The commit: of a tag with a message, `after` is that of the tag. */
function likeGitHub({ ref, after, head_commit, repository }) {
  const { full_name: name, clone_url: url, default_branch: main } = repository;
  return { ref, sha: head_commit?.id ?? after, to: name, name, url, main };
}

/** Has what was pushed built. Its id is that of the commit on its branch: a webhook that comes twice starts one build. */
async function build({ ref, sha, to, name, url, main }) {
  const [project, id] = [name, `${name}\n${ref}\n${sha}`].map((text) =>
    digest(text).toString('hex').slice(0, 10),
  );
  const slug = name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
  const job = {
    ...{ project_build_command: 'auto', project_package_manager: 'auto', project_dist_directory: 'auto' },
    ...JSON.parse(JOB),
    ...{ project_id: `${slug}-${project}`, deployment_id: `${slug}-${sha.slice(0, 8)}-${id}` },
    ...{ project_repo_url: url, project_branch: ref, project_commit: sha, project_default_branch: main },
    callback_url: `${PUBLIC_URL}/status?${new URLSearchParams({ to, sha })}`,
  };
  const headers = { authorization: `Bearer ${KOALACI_TOKEN}` };
  const answer = await fetch(`${KOALACI_SERVER}/job/create`, {
    method: 'POST',
    headers,
    body: JSON.stringify(job),
  });
  // 409: it is queued or building already.
  if (answer.ok || answer.status === 409) return job.deployment_id;
  const { error } = await answer.json();
  await report(to, sha, { state: forge.states.ERROR, description: error.message });
  throw new Error(`koalaci: ${error.message} ${error.remedy ?? ''}`);
}

async function report(to, sha, { state, description, target }) {
  const body = {
    state,
    description: description.slice(0, 140),
    ...forge.named,
    ...(target ? { target_url: target } : {}),
  };
  const answer = await fetch(api + forge.statusPath(to, sha), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'koalaci-webhooks', ...forge.headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${FORGE} answered ${answer.status} to the status of ${sha}`);
}

async function onHook(headers, body) {
  if (!forge.isSigned(headers, body)) return [403, 'the signature does not fit HOOK_SECRET'];
  if (!forge.isPush(headers)) return [204];
  const event = JSON.parse(body);
  // A branch or a tag was deleted.
  if (/^0+$/.test(event.after)) return [204];
  return [202, await build(forge.push(event))];
}

const newest = new Map(); // when the last call of a deployment was: calls may come out of order

async function onStatus(headers, body, path) {
  const { 'koalaci-timestamp': time, 'koalaci-id': id, 'koalaci-signature': signature } = headers;
  const expected = hmac(CALLBACK_KEY, [time, id, PUBLIC_URL + path, body].join('\n'));
  const isFresh = Math.abs(Date.now() / 1000 - Number(time)) < FRESH_SECONDS;
  if (!isSame(signature, `sha256=${expected}`) || !isFresh)
    return [403, 'the signature does not fit CALLBACK_KEY'];
  const call = JSON.parse(body);
  if (call.time < (newest.get(call.deployment_id) ?? '')) return [204];
  newest.set(call.deployment_id, call.time);
  const query = new URL(path, PUBLIC_URL).searchParams;
  const state = call.reason === 'skipped' ? forge.states.READY : forge.states[call.status];
  const description =
    call.message ?? { QUEUED: 'waits', BUILDING: 'is built', READY: 'is built' }[call.status];
  // GitLab and GitHub take whole addresses only.
  const target = /^https?:/.test(call.artifact?.url ?? '') ? call.artifact.url : undefined;
  await report(query.get('to'), query.get('sha'), { state, description, target });
  if (!['QUEUED', 'BUILDING'].includes(call.status)) newest.delete(call.deployment_id);
  return [204];
}

async function bodyOf(request) {
  const pieces = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > BODY_BYTES) throw new Error('the body is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

createServer(async (request, response) => {
  const route = { '/hook': onHook, '/status': onStatus }[request.url.split('?')[0]];
  try {
    const [status, text] =
      request.method === 'POST' && route
        ? await route(request.headers, await bodyOf(request), request.url)
        : [404];
    response.writeHead(status).end(text);
  } catch (error) {
    console.error(error.message);
    response.writeHead(502).end();
  }
}).listen(Number(PORT), HOST);
