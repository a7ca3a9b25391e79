// koalaci prove: says of an artifact what it was built from. koalaci starts it; users do not.
import { constants, setPriority } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { visible } from '../job/printable.js';
import { type ProofTask, prove as proveBuild } from '../provenance/prove.js';
import { proveReuse, type ReuseProofTask } from '../provenance/prove-reuse.js';
import { partialIn } from '../runner/partials.js';
import { findSigningKey } from '../settings/config.js';
import { keepPublicKey, privateKeyOf, publicKeyOf } from '../settings/signing-key.js';
import { say } from '../ui/print.js';
import { openSession } from './session.js';
import { trustedKeys } from './signing.js';
import { koalaciVersion } from './version.js';

/** What it reads was written by a stranger, and may have been made to take for ever. */
const MOST_SECONDS = 120;

/** Reads the task from stdin, a line of JSON, and then the lockfile. */
export async function prove(): Promise<void> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  endLater();
  const input = await buffer(process.stdin);
  const end = input.indexOf(0x0a);
  // Not validated: the runner wrote it.
  const task = JSON.parse(input.toString('utf8', 0, end)) as ProofTask | ReuseProofTask;
  const session = openSession();
  const signingKey = findSigningKey(session.home, session.settings.signingKey);
  // Who verifies later may have another key by then.
  if (signingKey) keepPublicKey(session.home, publicKeyOf(privateKeyOf(signingKey)));
  const options = {
    signingKey,
    version: koalaciVersion(),
    partialIn,
    say: (line: string) => say(`koalaci: provenance of ${task.paths.archive}: ${visible(line)}\n`),
  };
  if ('reused' in task) return proveReuse(task, { ...options, trusted: trustedKeys(session) });
  await proveBuild(task, input.subarray(end + 1), options);
}

/** Kills this process once its time is over: from another thread, as this one may be busy for ever. */
function endLater(): void {
  const program = `setTimeout(() => process.kill(${process.pid}, 'SIGKILL'), ${MOST_SECONDS * 1000})`;
  new Worker(program, { eval: true }).unref();
}
