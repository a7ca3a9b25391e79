// koalaci artifacts verify: says whether an artifact is what was shipped.
import { findShipped } from '../archives/find.js';
import { verifyArtifact } from '../archives/verify.js';
import { printableJson } from '../job/printable.js';
import { showBytes, showFiles } from '../job/quantity.js';
import { drawDifferences } from '../ui/artifacts.js';
import { print, say } from '../ui/print.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { artifactsAtHome } from './build-settings.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export async function verify(text: string, flags: TokenFlag & { json?: boolean }): Promise<void> {
  const session = openSession();
  const id = askedJob(session, text, flags);
  const artifacts = artifactsAtHome(session);
  const shipped = await withRedis(session, (redis) => findShipped(redis, artifacts, id));
  const { differences, notes, files, bytes } = await verifyArtifact(shipped, artifacts);
  const isSame = differences.length === 0;
  if (flags.json) {
    const { deployment } = id;
    print(`${printableJson({ deployment, same: isSame, files, bytes, differences, notes })}\n`);
  } else {
    for (const note of notes) say(`koalaci: ${note}\n`);
    const same = `${id.deployment} is as it was shipped (${showFiles(files)}, ${showBytes(bytes)})`;
    print(`${isSame ? same : drawDifferences(differences).join('\n')}\n`);
  }
  if (!isSame) process.exitCode = 1;
}
