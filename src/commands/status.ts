// koalaci status: shows a deployment.

import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { print } from '../ui/print.js';
import { drawRecord } from '../ui/records.js';
import { withDeployment } from './backend/open.js';
import type { Backed } from './named-service.js';

export async function status(text: string, flags: Backed & { json?: boolean }): Promise<void> {
  const record = await withDeployment(text, flags, (backend, id) => backend.load(id));
  print(flags.json ? `${printableJson(publicJson(record))}\n` : `${drawRecord(record).join('\n')}\n`);
}
