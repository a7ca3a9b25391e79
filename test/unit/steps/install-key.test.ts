import { execa } from 'execa';
import { expect, it } from 'vitest';
import { callSteps, workspaceOf } from '../../support/steps.js';

const LIBRARIES = ['manager.sh', 'manifest.sh', 'install-key.sh'];

it.each([
  ['NODE_ENV', true],
  ['NODE_OPTIONS', true],
  ['npm_config_registry', true],
  ['NPM_TOKEN', true],
  ['YARN_NODE_LINKER', true],
  ['PNPM_HOME', true],
  ['pnpm_config_dedupe', true],
  ['BUN_CONFIG_REGISTRY', true],
  ['NODE_ENVIRONMENT', false],
  ['MY_NPM_TOKEN', false],
  ['VITE_API', false],
])('whether an install depends on the variable %s: %s', async (name, depends) => {
  const script = 'install-key::_variables; [[ "$1=x" =~ ^($REPLY)= ]]';
  expect((await callSteps(LIBRARIES, script, { words: [name] })).exitCode).toBe(depends ? 0 : 1);
});

it('lists what toolchain and install depend on, wherever it lies', async () => {
  const inputs = [
    '.npmrc',
    '.nvmrc',
    '.tool-versions',
    '.yarn/releases/yarn.cjs',
    'apps/site/.config/mise.toml',
    'apps/site/package.json',
    'apps/wiki/package.yaml',
    'bunfig.toml',
    'package-lock.json',
    'package.json',
    'patches/a.patch',
    'pnpm-workspace.yaml',
  ];
  const others = ['README.md', 'apps/package.json.md', 'src/index.js', 'src/patches.js'];
  const at = await workspaceOf(Object.fromEntries([...inputs, ...others].map((path) => [path, path])));
  await execa('git', ['init', '--quiet'], { cwd: at });
  await execa('git', ['add', '--all'], { cwd: at });
  const script = `WORKSPACE=${at} RUN=${at}/.git; install-key::list_inputs; cut -f 2 "$RUN/inputs"`;
  expect((await callSteps(LIBRARIES, script)).stdout.split('\n')).toEqual(inputs);
});
