// koalaci artifacts: lists, removes and prunes what was shipped.

import { type PruneOutcome, prune as pruneArtifacts } from '../archives/prune.js';
import { removeStored } from '../archives/remove-stored.js';
import { rulesAt } from '../archives/rules.js';
import type { JudgedArchive } from '../archives/standing.js';
import { messageOf } from '../job/errors.js';
import type { UserId } from '../job/identity.js';
import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { showBytes } from '../job/quantity.js';
import { drawArtifacts, drawPruned } from '../ui/artifacts.js';
import { columnsOf } from '../ui/paint.js';
import { print, say } from '../ui/print.js';
import { authenticate, type TokenFlag } from './authenticate.js';
import { withBackend, withDeployment } from './backend/open.js';
import { artifactsAtHome, targetSettings } from './build-settings.js';
import type { Backed } from './named-service.js';
import { withRedis } from './redis.js';
import { openSession, type Session } from './session.js';

export async function ls(project: string | undefined, flags: Backed & { json?: boolean }): Promise<void> {
  const found = await withBackend(flags, async (backend) => (await backend.artifacts()).list(project));
  const json = () => `${printableJson(found.map((one) => publicJson(one)))}\n`;
  print(flags.json ? json() : `${drawArtifacts(found, columnsOf(process.stdout)).join('\n')}\n`);
}

export async function rm(text: string, flags: Backed): Promise<void> {
  await withDeployment(text, flags, async (backend, id) => {
    const { bytes, note } = await (await backend.artifacts()).remove(id);
    say(`removed the artifact of ${id} (${showBytes(bytes)})\n`);
    if (note !== undefined) sayLeft(note);
  });
}

export async function prune(flags: TokenFlag & { dryRun?: boolean }): Promise<void> {
  const session = openSession();
  const user = authenticate(session, flags);
  const artifacts = artifactsAtHome(session);
  const rules = await rulesAt(artifacts.directory, session.settings);
  const { dryRun = false } = flags;
  const outcome = await withRedis(session, (redis) =>
    pruneArtifacts(redis, { artifacts, rules, dryRun, noticeMs: 0 }),
  );
  const own = outcome.pruned.filter(({ archive }) => archive.user === user);
  if (own.length > 0) print(`${drawPruned(own, columnsOf(process.stdout)).join('\n')}\n`);
  say(`${summaryOf(outcome, user)}\n`);
  if (!outcome.isReport)
    await removeCopies(
      session,
      outcome.pruned.map(({ archive }) => archive),
    );
  if (outcome.failure !== undefined) throw outcome.failure;
  if (outcome.isReport && !dryRun)
    say('the first time after an upgrade, koalaci only reports this; the next prune removes them\n');
}

export async function restore(flags: TokenFlag): Promise<void> {
  const session = openSession();
  authenticate(session, flags);
  const { restoreRecords } = await import('../archives/restore.js');
  const { retentionSeconds } = session.settings;
  const restored = await withRedis(session, (redis) =>
    restoreRecords(redis, artifactsAtHome(session), retentionSeconds),
  );
  say(`made ${restored.length} ${restored.length === 1 ? 'record' : 'records'} anew\n`);
}

async function removeCopies(session: Session, archives: JudgedArchive[]): Promise<void> {
  const failure = await removeStored(targetSettings(session).open, archives);
  if (failure !== undefined) sayLeft(messageOf(failure));
}

function sayLeft(why: string): void {
  say(`koalaci: not all copies could be removed: ${why}\n`);
}

/** The rules are the machine's: what is another user's goes too, and is only counted here. */
function summaryOf({ pruned, bytes, objects, isReport }: PruneOutcome, user: UserId): string {
  const others = pruned.filter(({ archive }) => archive.user !== user).length;
  const what = `${pruned.length} ${pruned.length === 1 ? 'artifact' : 'artifacts'} (${showBytes(bytes)})`;
  const freed = `${objects.objects} ${objects.objects === 1 ? 'object' : 'objects'} (${showBytes(objects.bytes)})`;
  const all = `${what}${others > 0 ? `, ${others} of other users` : ''}`;
  return `${isReport ? 'would remove' : 'removed'} ${all}${objects.objects > 0 ? `; ${freed}` : ''}`;
}
