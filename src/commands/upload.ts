// koalaci upload: sends an artifact to the targets again.
import { withDeployment } from './backend/open.js';
import type { Backed } from './named-service.js';
import { printOutcomes } from './print-outcomes.js';

export async function upload(text: string, flags: Backed): Promise<void> {
  await withDeployment(text, flags, async (backend, id) =>
    printOutcomes(await (await backend.releases()).upload(id)),
  );
}
