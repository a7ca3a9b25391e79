// koalaci releases: shows what a project has served, and what it can go back to.
import { KoalaError } from '../job/errors.js';
import { ID_PATTERN, type ProjectId } from '../job/identity.js';
import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { print } from '../ui/print.js';
import { drawReleases } from '../ui/releases.js';
import { withBackend } from './backend/open.js';
import type { Backed } from './named-service.js';

export async function releases(project: string, flags: Backed & { json?: boolean }): Promise<void> {
  const listed = await withBackend(flags, async (backend) =>
    ID_PATTERN.test(project) ? (await backend.releases()).list(project as ProjectId) : [],
  );
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
