import { describe, expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

/** Without the rest of the container; a failure prints its words. */
const SURROUNDINGS = 'fail() { printf "%s\\n" "$2" "$3"; exit 1; }';

describe('NODE_ENV=production', () => {
  const run = async (flavour: string, version: string, env: string[], npmrc = '') => {
    const at = await workspaceOf({ '.npmrc': npmrc });
    const script = `JOB_ENV=("$@") FACTS[manager_version]=${version} WORDS=(install)
      install::_with_dev ${flavour} >&2; echo "\${WORDS[*]}"`;
    return (await callSteps(['manager.sh', 'install.sh'], script, { words: env, at })).stdout;
  };

  it.each([
    ['npm', '11.0.0', '--include=dev'],
    ['npm', '6.14.18', '--production=false'],
    ['yarn-classic', '1.22.22', '--production=false'],
    ['pnpm', '9.15.0', '--prod=false'],
  ])('leaves out no devDependencies with %s %s', async (flavour, version, flag) => {
    expect(await run(flavour, version, ['NODE_ENV=production'])).toBe(`install ${flag}`);
    expect(await run(flavour, version, ['NODE_ENV=development'])).toBe('install');
    expect(await run(flavour, version, [])).toBe('install');
  });

  it.each([
    ['pnpm', '10.0.0'],
    ['bun', '1.3.0'],
    ['yarn-berry', '4.9.0'],
  ])('is nothing to %s %s', async (flavour, version) => {
    expect(await run(flavour, version, ['NODE_ENV=production'])).toBe('install');
  });

  it.each([
    ['npm', '11.0.0', 'npm_config_omit=dev', ''],
    ['npm', '11.0.0', 'NPM_CONFIG_OMIT=dev', ''],
    ['npm', '11.0.0', 'npm_config_production=true', ''],
    ['npm', '11.0.0', 'A=b', 'omit=dev\n'],
    ['npm', '11.0.0', 'A=b', 'save-exact=true\nproduction=true\n'],
    ['yarn-classic', '1.22.22', 'YARN_PRODUCTION=1', ''],
    ['pnpm', '9.15.0', 'npm_config_prod=true', ''],
  ])('and a word for the package manager: %s %s with %j, %j', async (flavour, version, own, npmrc) => {
    expect(await run(flavour, version, ['NODE_ENV=production', own], npmrc)).toBe('install');
  });
});

describe('a project without a lockfile', () => {
  const begin = async (
    files: Record<string, string>,
    { frozen = '', flavour = 'npm', project = '' } = {},
  ) => {
    const at = await workspaceOf({ [`.${project}/package.json`]: '{}', ...files });
    const script = `${SURROUNDINGS}
      WORKSPACE=${at} FACTS[project]=${at}${project} FACTS[dependencies]=1 JOB[frozen]='${frozen}'
      install-root::find ${flavour}; install-plain::begin ${flavour}`;
    return (await callSteps(['manager.sh', 'install-root.sh', 'install-plain.sh'], script)).stdout;
  };

  it('is said', async () => {
    expect(await begin({})).toBe(
      'koalaci: there is no lockfile: npm install chooses the versions; commit package-lock.json so that builds get the same ones each time',
    );
    expect(await begin({}, { flavour: 'bun' })).toMatch(
      /no lockfile: bun install chooses .* commit bun\.lock so/,
    );
    expect(await begin({ 'yarn.lock': '' })).toMatch(
      /no package-lock\.json for npm, but a yarn\.lock: npm install .* set project_package_manager to yarn \(or auto\), or commit/,
    );
    expect(await begin({ 'package-lock.json': '{}' }, { project: '/docs' })).toMatch(
      /: docs has no package-lock\.json of its own, and is no workspace of what is above it: npm install/,
    );
  });

  it.each([
    [{}, '', 'there is no lockfile', /^Run "npm install" there and commit package-lock\.json/],
    [
      { 'yarn.lock': '' },
      '',
      'there is no package-lock.json for npm, but a yarn.lock',
      /^Set project_package_manager to yarn/,
    ],
    [
      { 'package-lock.json': '{}' },
      '/docs',
      'docs has no package-lock.json of its own, and is no workspace of what is above it',
      /^Run "npm install" there/,
    ],
  ])('is refused where there must be one: %j %s', async (files, project, message, remedy) => {
    const [said, then] = (await begin(files, { frozen: '1', project })).split('\n');
    expect(said).toBe(message);
    expect(then).toMatch(remedy);
  });
});

describe('what was resolved without a lockfile', () => {
  it.each([
    ['holds', 'now', 'npm 11', true],
    ['holds for a day', '23 hours ago', 'npm 11', true],
    ['not for longer', '25 hours ago', 'npm 11', false],
    ['not for another question', 'now', 'npm 12', false],
  ])('%s', async (_, when, question, holds) => {
    const at = await workspaceOf({ resolved: 'npm 11\n' });
    const { exitCode } = await callSteps(
      [],
      `STATE=${at}; source "${STEPS}/fetched.sh"; source "${STEPS}/kept-lockfile.sh"
      touch -d "$1" "$RESOLVED"; install-key::known() { echo "$asked"; }; asked=$2; kept-lockfile::holds`,
      { words: [when, question] },
    );
    expect(exitCode).toBe(holds ? 0 : 1);
  });
});
