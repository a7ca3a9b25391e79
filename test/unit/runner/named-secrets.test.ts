import { expect, it } from 'vitest';
import type { GitCredential } from '../../../src/job/credentials.js';
import { namedSecrets, type SecretSources } from '../../../src/runner/named-secrets.js';

type Fields = Partial<SecretSources['payload'] & Omit<SecretSources, 'payload'>>;

function named({ credentials = [], operator = [], prefixes = [], ...payload }: Fields) {
  const sources = { payload: { project_repo_url: 'https://example.org/a.git', ...payload } };
  return namedSecrets({ ...sources, credentials, operator, prefixes }).map(
    ({ name, value, isSecret }) => `${name}=${value}${isSecret ? '!' : ''}`,
  );
}

it('has all variables but the public ones, and tells those that seem secret', () => {
  const env = {
    API_KEY: 'leaf-leaf',
    SITE: 'Koala',
    NEXT_PUBLIC_KEY: 'known',
    MAP_KEY: 'on-a-map',
    MODE: 'production',
  };
  expect(named({ env, public_env: ['MAP_KEY'], prefixes: ['NEXT_PUBLIC_', 'VITE_'] })).toEqual([
    'API_KEY=leaf-leaf!',
    'SITE=Koala',
  ]);
});

it('has nothing that a public variable has, too', () => {
  const env = { HOST_KEY: 'api.example.org', VITE_URL: 'https://api.example.org/v1', OTHER: 'leaf' };
  expect(named({ env, prefixes: ['VITE_'] })).toEqual(['OTHER=leaf']);
});

it('takes each line of a value for itself, without those that all keys have', () => {
  const key =
    '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nlast\n-----END PRIVATE KEY-----\n';
  expect(named({ env: { SIGNING_KEY: key } })).toEqual([
    'SIGNING_KEY=MIIEvQIBADANBgkqhkiG9w0BAQEFAASC!',
    'SIGNING_KEY=last',
  ]);
});

it('has what is secret in the address, where a user name alone is none', () => {
  expect(named({ project_repo_url: 'https://ann:leaf-1@example.org/a.git' })).toEqual([
    'project_repo_url=leaf-1!',
  ]);
  expect(named({ project_repo_url: 'https://koala@example.org/a.git' })).toEqual(['project_repo_url=koala']);
});

it('has the credentials for git by their hosts, and the passwords of proxies', () => {
  const row = {
    form: 'http',
    scheme: 'https',
    host: 'example.com',
    path: '',
    user: 'ann',
    secret: 'leaf-2',
  } as const;
  const credentials: GitCredential[] = [row];
  expect(named({ credentials, operator: ['leaf-3'] })).toEqual([
    'the credential for git at example.com=leaf-2!',
    "the operator's proxy=leaf-3!",
  ]);
});

it('has each value once, by the name of its variable', () => {
  const env = { TOKEN: 'leaf-1' };
  expect(named({ env, project_repo_url: 'https://ann:leaf-1@example.org/a.git' })).toEqual(['TOKEN=leaf-1!']);
});
