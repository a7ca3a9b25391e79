// koalaci.json: what a project says itself of how it is built, and that nothing else is taken from it.
import { describe, expect, it } from 'vitest';
import { detect, manifest } from '../../support/detection.js';

const OWN = {
  project_build_command: 'make site',
  project_dist_directory: 'out',
  project_package_manager: 'pnpm',
  node_version: '22.11',
};
const json = (fields: object) => JSON.stringify(fields);
const SITE = { 'package.json': manifest(['vite']), '.nvmrc': '20\n' };

it('goes before what is found, and is named as the reason', async () => {
  const found = await detect({ ...SITE, 'koalaci.json': json(OWN) });
  expect(found).toMatchObject({
    root: '.',
    framework: { value: 'Vite' },
    build_command: { value: 'make site', reason: 'project_build_command', file: 'koalaci.json' },
    dist_directory: { value: 'out', file: 'koalaci.json' },
    package_manager: { value: 'pnpm', file: 'koalaci.json' },
    node_version: { value: '22.11', file: 'koalaci.json' },
  });
});

it('leaves open what it does not say, or says is auto', async () => {
  const file = json({
    project_dist_directory: 'out',
    project_build_command: 'auto',
    project_package_manager: 'auto',
  });
  const found = await detect({ ...SITE, 'koalaci.json': file });
  expect(found).toMatchObject({
    build_command: { value: 'npx vite build' },
    dist_directory: { value: 'out' },
    package_manager: { value: 'npm' },
    node_version: { value: '20', file: '.nvmrc' },
  });
});

it('builds what koalaci would not know how to build', async () => {
  const found = await detect({
    'main.py': '',
    'koalaci.json': json({ project_build_command: 'python3 main.py', project_dist_directory: 'html' }),
  });
  expect(found).toMatchObject({
    build_command: { value: 'python3 main.py' },
    dist_directory: { value: 'html' },
  });
});

it('loses against a package manager that the job names', async () => {
  const found = await detect({ ...SITE, 'koalaci.json': json(OWN) }, '.', 'yarn');
  expect(found.package_manager).toMatchObject({ value: 'yarn', file: null });
});

it('names the keys that are not taken from it, and takes none of them', async () => {
  const found = await detect({
    ...SITE,
    'koalaci.json': json({ env: { A: 'b' }, cache: 'ignore', node_version: '22' }),
  });
  expect(found.notes).toContain('koalaci.json: env, cache: not taken from it');
  expect(found.node_version.value).toBe('22');
});

describe('in a monorepo', () => {
  const site = { 'apps/web/package.json': manifest(['vite']), 'package.json': '{}' };

  it('names the root that is looked at, if nobody names another one', async () => {
    const files = {
      ...site,
      'koalaci.json': json({ project_root: 'apps/web/', project_dist_directory: 'out' }),
    };
    expect(await detect(files)).toMatchObject({
      root: 'apps/web',
      build_command: { value: 'npx vite build' },
      dist_directory: { value: 'out', file: 'koalaci.json' },
    });
  });

  it('is the nearest one', async () => {
    const files = {
      ...site,
      'koalaci.json': json({ project_root: 'apps/web', project_dist_directory: 'top' }),
      'apps/web/koalaci.json': json({ project_dist_directory: 'near' }),
    };
    expect((await detect(files)).dist_directory).toMatchObject({
      value: 'near',
      file: 'apps/web/koalaci.json',
    });
  });

  it('says nothing of another directory than the one that it names', async () => {
    const files = {
      ...site,
      'koalaci.json': json({ project_root: 'apps/docs', project_dist_directory: 'top' }),
    };
    expect((await detect(files, 'apps/web')).dist_directory.value).toBe('dist');
  });
});

describe('that does not fit', () => {
  it.each([
    ['is no JSON', '{"project_build_command": ', 'is not JSON'],
    ['is no object', '[]', 'is not an object'],
    ['has a list as command', json({ project_build_command: ['a'] }), 'project_build_command must be a text'],
    [
      'has a package manager that there is not',
      json({ project_package_manager: 'npn' }),
      'project_package_manager must be npm,',
    ],
    ['leads out of the repository', json({ project_root: '../x' }), 'project_root must be a relative path'],
    [
      'has a dist directory elsewhere',
      json({ project_dist_directory: '/etc' }),
      'project_dist_directory must be a relative path',
    ],
    ['has a version that is none', json({ node_version: '22; rm' }), 'node_version must be a version'],
  ])('because it %s, decides nothing, and nothing is guessed', async (_, text, reason) => {
    const found = await detect({ ...SITE, 'koalaci.json': text });
    for (const { value, reason: why } of [found.build_command, found.dist_directory]) {
      expect(value).toBe(null);
      expect(why).toContain(reason);
    }
  });
});
