// koalaci artifacts verify: says whether an artifact is what was shipped.
import { printableJson } from '../job/printable.js';
import { showBytes, showFiles } from '../job/quantity.js';
import { drawDifferences } from '../ui/artifacts.js';
import { print, say } from '../ui/print.js';
import { withDeployment } from './backend/open.js';
import type { Backed } from './named-service.js';

export async function verify(text: string, flags: Backed & { json?: boolean }): Promise<void> {
  const { id, ...verified } = await withDeployment(text, flags, async (backend, id) => ({
    id,
    ...(await (await backend.artifacts()).verify(id)),
  }));
  const { differences, notes, files, bytes } = verified;
  const isSame = differences.length === 0;
  if (flags.json) {
    print(`${printableJson({ deployment: id, same: isSame, files, bytes, differences, notes })}\n`);
  } else {
    for (const note of notes) say(`koalaci: ${note}\n`);
    const same = `${id} is as it was shipped (${showFiles(files)}, ${showBytes(bytes)})`;
    print(`${isSame ? same : drawDifferences(differences).join('\n')}\n`);
  }
  if (!isSame) process.exitCode = 1;
}
