import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parsePayload } from '../../../src/job/payload.js';
import { parametersOf, withValues } from '../../../src/provenance/parameters.js';
import { otherTools, payloadAgain } from '../../../src/provenance/reproduction.js';
import { reusedIn, statementOfReuse } from '../../../src/provenance/reused.js';
import { sbomAgain, sbomOf } from '../../../src/provenance/sbom.js';
import { type Built, commitIn, statementOf, subjectDigest } from '../../../src/provenance/statement.js';
import { payloadOf } from '../../support/payload.js';

/** How the name of a variable stands in a command. */
const name = (variable: string) => `$\{{env.${variable}}}`;
const COMMIT = 'c'.repeat(40);
const SHA256 = createHash('sha256').update('').digest('hex');
const SHA512 = createHash('sha512').update('').digest('hex');
const dependencies = [
  { name: '@a/b', version: '1.0.0', digest: { sha512: SHA512 }, isDev: false },
  { name: 'c', version: '2.0.0', source: 'git+https://example.com/c.git#1' },
];
const secrets = {
  env: { API_KEY: 's3cret', MODE: 'production', BASE_URL: 'https://example.com/' },
  project_repo_url: 'https://ann:pass-word@example.com/site.git',
  project_ssh_key: undefined,
  project_build_command: 'API=s3cret MODE=production build --base https://example.com/',
  callback_url: 'https://panel.example.com/?token=t0ken',
  artifact_url: 'https://store.example.com/?signature=t0ken',
  project_ignore_command: 'test -z t0ken',
};
const payload = parsePayload(payloadOf({ ...secrets, node_version: '>=22' }));
const built: Built = {
  parameters: parametersOf(payload),
  internal: {
    ...{
      user_id: 'ann',
      branch: 'main',
      default_branch: 'trunk',
      node: '22.1.0',
      package_manager: 'yarn 4.9.2',
    },
    ...{ builder_image: 'sha256:beef', builder_recipe: 'f00d' },
  },
  ...{ commit: COMMIT, artifact: { sha256: SHA256 }, entries: 'e'.repeat(64), attempt: 'a-1' },
  ...{ startedAt: 0, endedAt: 1_000, dependencies, keyId: 'k1', version: '1.2.3' },
  lockfile: { path: 'yarn.lock', sha256: 'd'.repeat(64) },
};
const statement = statementOf(built);

describe('a statement', () => {
  it('is about the archive and the list of its entries', () => {
    expect(statement.subject).toEqual([
      { name: `${payload.deployment_id}.tar.gz`, digest: { sha256: SHA256 } },
      { name: 'entries', digest: { sha256: 'e'.repeat(64) } },
    ]);
    expect(subjectDigest(statement, 'archive')).toBe(SHA256);
    expect(subjectDigest(statement, 'entries')).toBe('e'.repeat(64));
  });

  it('has nothing of what is secret in the job, and the names of what that was', () => {
    const text = JSON.stringify(statement);
    for (const secret of ['s3cret', 'pass-word', 't0ken']) expect(text).not.toContain(secret);
    expect(statement.predicate.buildDefinition.externalParameters).toMatchObject({
      env: ['API_KEY', 'BASE_URL', 'MODE'],
      credentials: ['project_repo_url'],
      project_repo_url: 'https://example.com/site.git',
      // What does not look secret stays, as the command would say nothing without it.
      project_build_command: `API=${name('API_KEY')} MODE=production build --base https://example.com/`,
    });
  });

  it('names the source by its commit, then the tools, the lockfile and its packages', () => {
    expect(commitIn(statement)).toBe(COMMIT);
    expect(statement.predicate.buildDefinition.resolvedDependencies).toEqual([
      { name: 'source', uri: 'git+https://example.com/site.git', digest: { gitCommit: COMMIT } },
      { name: 'builder image', digest: { sha256: 'beef' } },
      { name: 'node', uri: 'pkg:generic/node@22.1.0' },
      { name: 'package manager', uri: 'pkg:npm/%40yarnpkg/cli-dist@4.9.2' },
      { name: 'yarn.lock', digest: { sha256: 'd'.repeat(64) } },
      { uri: 'pkg:npm/%40a/b@1.0.0', digest: { sha512: SHA512 }, annotations: { development: false } },
      { uri: 'pkg:npm/c@2.0.0?vcs_url=git%2Bhttps%3A%2F%2Fexample.com%2Fc.git%231' },
    ]);
  });

  it.each([
    ['git@example.com:ann/site.git', 'git+ssh://git@example.com/ann/site.git'],
    ['ssh://git@example.com/site.git', 'git+ssh://git@example.com/site.git'],
    ['git://example.com/site.git', 'git://example.com/site.git'],
    ['/srv/site', 'git+file:///srv/site'],
  ])('writes %s as an address of a repository', (project_repo_url, uri) => {
    const of = statementOf({ ...built, parameters: { ...built.parameters, project_repo_url } });
    expect(of.predicate.buildDefinition.resolvedDependencies[0]).toMatchObject({ uri });
  });
});

describe('a statement about an artifact of an earlier build', () => {
  const parameters = { ...built.parameters, deployment_id: 'd2' as typeof built.parameters.deployment_id };
  const reuse = statementOfReuse({
    ...{ ...built, parameters, commit: 'f'.repeat(40), attempt: 'a-2', startedAt: 5_000, endedAt: 6_000 },
    internal: { user_id: 'ann', branch: 'feature' },
    first: { deployment: 'd1', statement, sha256: '5'.repeat(64) },
  });
  const { buildDefinition, runDetails } = reuse.predicate;

  it('is about the job that reuses it, at its own commit and time', () => {
    expect(reuse.subject.map(({ name }) => name)).toEqual(['d2.tar.gz', 'entries']);
    expect(commitIn(reuse)).toBe('f'.repeat(40));
    expect(runDetails.metadata).toMatchObject({
      invocationId: 'urn:uuid:a-2',
      startedOn: '1970-01-01T00:00:05.000Z',
    });
    expect(payloadAgain(reuse, { env: secrets.env, repoUrl: '/srv' })).toMatchObject({
      project_commit: 'f'.repeat(40),
    });
  });

  it('names that build, and has its tools and packages', () => {
    expect(buildDefinition.internalParameters).toEqual({
      ...{ user_id: 'ann', branch: 'feature', node: '22.1.0', package_manager: 'yarn 4.9.2' },
      ...{ builder_image: 'sha256:beef', builder_recipe: 'f00d', reused_from: 'd1' },
    });
    const [, first, ...rest] = buildDefinition.resolvedDependencies;
    expect(first).toEqual({
      ...{ name: 'reused build', uri: 'urn:uuid:a-1', digest: { sha256: '5'.repeat(64) } },
      mediaType: 'application/vnd.in-toto+json',
      annotations: { deployment_id: 'd1', commit: COMMIT, finished_on: '1970-01-01T00:00:01.000Z' },
    });
    expect(rest).toEqual(statement.predicate.buildDefinition.resolvedDependencies.slice(1));
    expect(reusedIn(reuse)).toBe(`d1, built 1970-01-01T00:00:01.000Z from ${COMMIT}`);
    expect(reusedIn(statement)).toBeUndefined();
  });
});

describe('to build it once more', () => {
  const given = { env: secrets.env, repoUrl: secrets.project_repo_url };

  it('the job is that of the first time, at its commit and with its Node', () => {
    const again = parsePayload(payloadAgain(statement, given));
    const { callback_url: _, artifact_url: __, project_ignore_command: ___, ...wanted } = payload;
    expect(again).toEqual({
      ...wanted,
      ...{ project_commit: COMMIT, node_version: '22.1.0', skip_ci: false, project_default_branch: 'trunk' },
    });
  });

  it.each([
    ['variables, each by its name', { ...given, env: { MODE: 'production' } }, /API_KEY, BASE_URL/],
    [
      'the password of the repository',
      { env: given.env },
      /a password in the address of https:\/\/example\.com/,
    ],
  ])('it asks for %s', (_, lacking, message) => {
    expect(() => payloadAgain(statement, lacking)).toThrow(message);
  });

  it('variables that the build did not have are left out', () => {
    const { env } = payloadAgain(statement, { ...given, env: { ...given.env, OTHER: 'x' } });
    expect(env).toEqual(secrets.env);
  });

  it('a command gets its values back; what it says of others stays', () => {
    expect(withValues(`a ${name('A')} ${name('B')} $HOME`, { A: '$&' })).toBe(`a $& ${name('B')} $HOME`);
  });

  const tools = { node: '22.1.0', manager: 'yarn 4.9.2', builder: 'sha256:other', recipe: 'f00d' };
  it.each([
    ['an image of the same files is the same', tools, []],
    [
      'an image of other files is said',
      { ...tools, recipe: 'new' },
      [/builder image is another one: sha256:beef then/],
    ],
    ['an image without a recipe is known by its id', { ...tools, recipe: undefined }, [/builder image/]],
    ['another Node is said', { ...tools, node: '22.2.0' }, [/node is another one: 22.1.0 then, 22.2.0 now/]],
  ])('%s', (_, now, lines) => {
    expect(otherTools(statement, now)).toEqual(lines.map((line) => expect.stringMatching(line)));
  });
});

describe('a bill of materials', () => {
  const options = {
    ...{ deployment: 'd1', project: 'site', commit: COMMIT, identity: SHA256, dependencies },
    ...{ version: '1.2.3', time: 1_000 },
  };

  it('has each package with its package URL and its hash, below what was shipped', () => {
    const bom = JSON.parse(sbomOf(options));
    expect(bom).toMatchObject({
      ...{ bomFormat: 'CycloneDX', specVersion: '1.6' },
      metadata: {
        component: { name: 'site', version: COMMIT, hashes: [{ alg: 'SHA-256', content: SHA256 }] },
      },
      components: [
        {
          group: '@a',
          name: 'b',
          version: '1.0.0',
          purl: 'pkg:npm/%40a/b@1.0.0',
          hashes: [{ alg: 'SHA-512' }],
        },
        { name: 'c', version: '2.0.0' },
      ],
    });
    expect(bom.dependencies[0]).toMatchObject({
      ref: 'artifact',
      dependsOn: expect.arrayContaining([bom.components[0].purl]),
    });
  });

  it('is the same for the same build', () => {
    expect(sbomOf(options)).toBe(sbomOf(options));
  });

  it('is as if made anew for another deployment of the same artifact', () => {
    const own = { commit: 'f'.repeat(40), identity: SHA256, version: '1.2.4', time: 5_000 };
    expect(sbomAgain(sbomOf(options), own)).toBe(sbomOf({ ...options, ...own }));
  });
});
