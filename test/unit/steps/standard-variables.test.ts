import { execa } from 'execa';
import { expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

const ADD = `default-branch::await() { :; }
  declare -a BUILD_ENV=()
  for pair; do JOB[\${pair%%=*}]=\${pair#*=}; done
  FACTS[commit]=c0 JOB[deployment]=d1 JOB[project]=site`;

async function variables(...fields: string[]): Promise<string[]> {
  const script = `${ADD}; FACTS[default_branch]=main FACTS[detached]=\${JOB[tag]:-}
    standard-variables::add; printf '%s\\n' "\${BUILD_ENV[@]}"`;
  return (await callSteps(['standard-variables.sh'], script, { words: fields })).stdout.split('\n');
}

it.each([
  ['the default branch', ['branch=main'], 'KOALACI_BRANCH=main', 'production'],
  ['another branch', ['branch=koala'], 'KOALACI_BRANCH=koala', 'preview'],
  [
    'the one that the job names',
    ['branch=koala', 'default_branch=koala'],
    'KOALACI_BRANCH=koala',
    'production',
  ],
  ['what is not it any more', ['branch=main', 'default_branch=koala'], 'KOALACI_BRANCH=main', 'preview'],
  ['a tag, whatever its name is', ['branch=main', 'tag=1'], 'KOALACI_TAG=main', 'preview'],
])('say what is built, and for whom: %s', async (_, fields, ref, environment) => {
  expect(await variables(...fields)).toEqual([
    'KOALACI_COMMIT=c0',
    ref,
    `KOALACI_ENVIRONMENT=${environment}`,
    'KOALACI_DEPLOYMENT=d1',
    'KOALACI_PROJECT=site',
  ]);
});

it('cost caches of tools that do not look at them only where the project names one', async () => {
  const kept = async (text: string, ids: [string, string]) => {
    const at = await workspaceOf({ 'build.js': text });
    await execa('git', ['init', '-q'], { cwd: at });
    await execa('git', ['add', '-A'], { cwd: at });
    const script = `WORKSPACE=$PWD STATE=$PWD/.git; declare -a JOB_ENV=()
      source "${STEPS}/tool-cache-blind.sh"
      install-key::hash() { sha256sum; }
      tool-caches::drop_like() { echo dropped; }
      for id in "$@"; do STANDARD_VARIABLES=("KOALACI_DEPLOYMENT=$id"); tool-caches::drop_blind; done`;
    const { stdout } = await callSteps(['standard-variables.sh'], script, { at, words: ids });
    return stdout === '';
  };
  expect(await kept('process.env.KOALACI_DEPLOYMENT', ['d1', 'd2'])).toBe(false);
  expect(await kept('process.env.KOALACI_DEPLOYMENT', ['d1', 'd1'])).toBe(true);
  expect(await kept('process.env.NODE_ENV', ['d1', 'd2'])).toBe(true);
});
