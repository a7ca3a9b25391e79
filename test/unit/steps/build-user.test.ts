import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

const LIBRARY = ['protocol.sh', 'lib.sh', 'build-user.sh'];
/** As /proc/PID/uid_map has them: of an engine without user namespaces, with one, and of one whose own ids are mapped, too. */
const ALL = '         0          0 4294967295\n';
const FEW = '         0     100000      65536\n';
const TWO = '         0       1000          1\n         1     100000      65535\n';

it('knows the uid that the builder image gives', async () => {
  const { stdout } = await callSteps(LIBRARY, 'printf %s "$IMAGE_UID"');
  const dockerfile = readFileSync(join(STEPS, '../image/Dockerfile'), 'utf8');
  expect(dockerfile).toContain(`groupadd --gid ${stdout} build && useradd --uid ${stdout} --gid ${stdout} `);
});

it.each([
  { uid: 1_234_567, uids: ALL, gids: ALL, fitting: '1234567' },
  { uid: 1_234_567, uids: FEW, gids: FEW, fitting: '44567' },
  { uid: 1_234_567, uids: TWO, gids: TWO, fitting: '44567' },
  { uid: 1_234_567, uids: ALL, gids: FEW, fitting: '44567' },
  { uid: 2_097_151, uids: FEW, gids: FEW, fitting: '57151' },
  { uid: 1_050_000, uids: FEW, gids: FEW, fitting: '10000' },
])('gives $fitting for $uid, which the engine maps', async ({ uid, uids, gids, fitting }) => {
  const at = await workspaceOf({ uids, gids });
  const script = 'build-user::_fitting "$1" uids gids; printf %s "$REPLY"';
  expect((await callSteps(LIBRARY, script, { at, words: [String(uid)] })).stdout).toBe(fitting);
});
