import { describe, expect, it } from 'vitest';
import { credentialsFor, type GitCredential, secretsIn } from '../../../src/job/credentials.js';

const row = (host: string, more: Partial<GitCredential> = {}): GitCredential => ({
  ...{ form: 'http', scheme: 'https', host, path: '', user: 'operator', secret: 'token-of-operator' },
  ...more,
});
const rows = [row('git.example.com'), row('git.example.com', { path: 'org' }), row('other.example.com')];
const hosts = (credentials: GitCredential[]) => credentials.map(({ host, secret }) => `${host} ${secret}`);

describe('what a job gives itself', () => {
  it('wins over all rows for the host of its repository, and for no other', () => {
    const own = credentialsFor({ project_repo_url: 'https://ann:pw%2F1@git.example.com/org/x' }, rows);
    expect(hosts(own)).toEqual(['git.example.com pw/1', 'other.example.com token-of-operator']);
  });

  it('may be a key: for the ssh host of an https repository too', () => {
    const key = { project_ssh_key: 'KEY\n' };
    expect(credentialsFor({ project_repo_url: 'ssh://deploy@h:2222/x', ...key }, [])).toEqual([
      { form: 'ssh', scheme: 'ssh', host: 'h:2222', path: '', user: 'deploy', secret: 'KEY\n' },
    ]);
    expect(credentialsFor({ project_repo_url: 'https://h:8443/x', ...key }, [])).toMatchObject([
      { form: 'ssh', host: 'h', user: 'git' },
    ]);
  });

  it('is no credential if it is a user name alone, and the operator has a row', () => {
    const url = { project_repo_url: 'https://ann@git.example.com/org/x' };
    expect(credentialsFor(url, rows)).toEqual(rows);
    expect(credentialsFor(url, [])).toMatchObject([{ user: 'ann', secret: '' }]);
  });
});

it('a repository over plain http says how the host of a row speaks', () => {
  const given = credentialsFor({ project_repo_url: 'http://h:3000/x' }, [row('h:3000'), row('h:4000')]);
  expect(given.map(({ scheme }) => scheme)).toEqual(['http', 'https']);
});

it('hides passwords, tokens that are user names, and the lines of keys', () => {
  const key = '-----BEGIN X-----\nsecret-line-of-the-key\n-----END X-----\n';
  const given = [
    row('a'),
    row('b', { user: 'name-as-token', secret: '' }),
    row('c', { form: 'ssh', user: 'git', secret: key }),
  ];
  expect(secretsIn(given)).toEqual(['token-of-operator', 'name-as-token', 'secret-line-of-the-key']);
});
