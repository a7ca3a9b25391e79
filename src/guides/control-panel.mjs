// A control panel in one file, without its own pages and accounts: what has to happen between a user's click and a site that is built.
// See control-panel.md. Run it with SECRET
// and CALLBACK_SECRET (as koalaci has them), BUILDS (koalaci's address), SELF (its own), PORT and ACCOUNTS.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';

const { SECRET, CALLBACK_SECRET, BUILDS, SELF, PORT } = process.env;

/** What each plan may take at once, and keep. The token says it, so that it needs no setting at koalaci. */
const PLANS = {
  free: { running: 1, queued: 3, logs: 50e6, artifacts: 500e6 },
  paid: { running: 4, queued: 50, logs: 1e9, artifacts: 20e9 },
};
/** Of your database: the accounts and their sites. */
const ACCOUNTS = JSON.parse(process.env.ACCOUNTS ?? '{}');
/** Of your database: the last status of each deployment. */
const statuses = new Map();

/** A token for one user, for five minutes: signed for each request, and given to no browser. */
function tokenFor(user) {
  const claims = {
    user_id: user,
    exp: Math.floor(Date.now() / 1000) + 300,
    'koalaci.limits': PLANS[ACCOUNTS[user].plan],
  };
  const unsigned = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', SECRET).update(unsigned.join('.')).digest('base64url');
  return [...unsigned, signature].join('.');
}

/** Asks koalaci as that user. */
function ask(user, method, path, body) {
  const headers = { authorization: `Bearer ${tokenFor(user)}` };
  return fetch(`${BUILDS}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
}

/** A click on "deploy". Answers with what a page needs to follow it. */
async function deploy(user, site) {
  const { repo, command, manager, dist } = ACCOUNTS[user].sites[site];
  const id = `${site}-${Date.now()}`;
  const created = await ask(user, 'POST', '/job/create', {
    project_id: site,
    deployment_id: id,
    project_branch: 'main',
    project_repo_url: repo,
    project_build_command: command,
    project_package_manager: manager,
    project_dist_directory: dist,
    supersede: true,
    callback_url: `${SELF}/callback`,
  });
  // A limit of the plan (429), or what is wrong with the site's settings (400): in words that a user can be shown.
  if (!created.ok) return { status: created.status, body: await created.json() };
  const { data } = await (await ask(user, 'POST', `/job/${id}/log-token`)).json();
  return { status: 202, body: { id, log: data.url } };
}

/** koalaci says that a status has changed. The key of each user's callbacks derives from KOALACI_CALLBACK_SECRET. */
function callback({ headers }, body) {
  const { 'koalaci-timestamp': time, 'koalaci-id': id, 'koalaci-signature': signature } = headers;
  const call = JSON.parse(body);
  const key = hkdfSync('sha256', CALLBACK_SECRET, '', `koalaci callback ${call.user_id}`, 32);
  const expected = createHmac('sha256', Buffer.from(key).toString('hex'))
    .update([time, id, `${SELF}/callback`, body].join('\n'))
    .digest();
  const given = Buffer.from(String(signature).replace('sha256=', ''), 'hex');
  const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
  if (!isSigned || Math.abs(Date.now() / 1000 - Number(time)) > 300) return { status: 403 };
  const known = statuses.get(call.deployment_id);
  // Calls may come twice, or out of order.
  if (!known || known.time <= call.time) statuses.set(call.deployment_id, call);
  return { status: 204 };
}

/** Hands on what koalaci answers: the log to whoever has its token, a site to its owner. */
async function handOn(answer, response) {
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
  if (answer.body) Readable.fromWeb(answer.body).pipe(response);
  else response.end();
}

/** Stands for your sessions: never take a user's name from a header as it comes. */
const userOf = (request) => request.headers['x-demo-user'];

async function answer(request, response) {
  const { pathname, search } = new URL(request.url, SELF);
  const [, what, name] = pathname.split('/');
  const body = Buffer.concat(await request.toArray()).toString();
  if (what === 'callback') return callback(request, body);
  // The page follows the log with its own token. A proxy in front can send this route to koalaci itself.
  if (what === 'job')
    return handOn(await fetch(`${BUILDS}${pathname}${search}`, { headers: followed(request) }), response);
  const user = userOf(request);
  if (!ACCOUNTS[user]) return { status: 401 };
  if (what === 'deploy' && request.method === 'POST') return deploy(user, name);
  if (what === 'status') return { status: 200, body: statuses.get(name) ?? {} };
  if (what === 'download') return handOn(await ask(user, 'GET', `/job/${name}/artifact`), response);
  return { status: 404 };
}

/** What an EventSource sends, so that a log that was cut off goes on where it was. */
function followed({ headers }) {
  const last = headers['last-event-id'];
  return { accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) };
}

createServer(async (request, response) => {
  const done = await answer(request, response).catch((error) => ({
    status: 502,
    body: { error: error.message },
  }));
  if (!done) return;
  response.writeHead(done.status, { 'content-type': 'application/json' });
  response.end(done.body ? JSON.stringify(done.body) : undefined);
}).listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
