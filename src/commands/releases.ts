// koalaci releases: shows what a project has served, and what it can go back to.
import { KoalaError } from '../job/errors.js';
import { ID_PATTERN, type ProjectId } from '../job/identity.js';
import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { listReleases } from '../releases/list.js';
import { parseReleases } from '../releases/project-releases.js';
import { readReleases } from '../store/releases.js';
import { print } from '../ui/print.js';
import { drawReleases } from '../ui/releases.js';
import { authenticate, type TokenFlag } from './authenticate.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export async function releases(project: string, flags: TokenFlag & { json?: boolean }): Promise<void> {
  const session = openSession();
  const user = authenticate(session, flags);
  const owner = { user, project: project as ProjectId };
  const read = ID_PATTERN.test(project)
    ? await withRedis(session, (redis) => readReleases(redis, owner))
    : {};
  const listed = listReleases(parseReleases(read));
  if (listed.length === 0) {
    throw new KoalaError('not_found', `project ${JSON.stringify(project)} has nothing served`, {
      remedy: '"koalaci artifacts ls" shows what was built.',
    });
  }
  print(
    flags.json
      ? `${printableJson(listed.map((one) => publicJson(one)))}\n`
      : `${drawReleases(listed).join('\n')}\n`,
  );
}
