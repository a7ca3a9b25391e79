import { describe, expect, it } from 'vitest';
import { callSteps, workspaceOf } from '../../support/steps.js';

const HTTP = 'http://10.0.0.1:3000/x.git';
const SSH = 'ssh://git@10.0.0.1:2222/x.git';

async function explained(said: string, address: string, what = 'the repository') {
  const at = await workspaceOf({ said });
  const script = 'git-words::explain "$@" && printf "%s\\n" "$MESSAGE" "$REMEDY"';
  const { stdout } = await callSteps(['git-words.sh'], script, { at, words: ['said', what, address] });
  const [message = '', remedy = ''] = stdout.split('\n');
  return { message, remedy };
}

/** What git 2.39, OpenSSH 9.2 and git-lfs 3.3 print. */
describe('what git printed is told in words', () => {
  it.each([
    [
      'koalaci: no ssh key was given for 10.0.0.1:2222',
      SSH,
      /no ssh key was given for 10.0.0.1:2222/,
      /KOALACI_CREDENTIALS/,
    ],
    [
      'Host key for [10.0.0.1]:2222 has changed and you have requested strict checking.\nHost key verification failed.',
      SSH,
      /host key of \[10.0.0.1\]:2222 is not the one/,
      /ssh-keygen -R '\[10.0.0.1\]:2222'/,
    ],
    [
      'root@10.0.0.1: Permission denied (publickey,keyboard-interactive).',
      SSH,
      /does not accept the ssh key/,
      /public key/,
    ],
    [
      `fatal: could not read Username for '${HTTP}': terminal prompts disabled`,
      HTTP,
      /none were given for 10.0.0.1:3000/,
      /project_repo_url/,
    ],
    [
      `fatal: Authentication failed for '${HTTP}/'`,
      HTTP,
      /refuses access: 10.0.0.1:3000 does not accept/,
      /project_repo_url/,
    ],
    [
      `fatal: unable to access '${HTTP}/': The requested URL returned error: 403`,
      HTTP,
      /\(403\)/,
      /allow reading/,
    ],
    [`fatal: repository '${HTTP}/' not found`, HTTP, /there is no repository/, /project_repo_url/],
    [
      "fatal: 'x.git' does not appear to be a git repository",
      SSH,
      /there is no repository/,
      /project_repo_url/,
    ],
    [
      `fatal: unable to access '${HTTP}/': The requested URL returned error: 502`,
      HTTP,
      /answers with an error \(502\)/,
      /again/,
    ],
    [
      "fatal: unable to access 'http://no.invalid/x/': Could not resolve host: no.invalid",
      HTTP,
      /host name is not known/,
      /project_repo_url/,
    ],
    [
      'ssh: Could not resolve hostname no.invalid: Name or service not known',
      SSH,
      /host name is not known/,
      /project_repo_url/,
    ],
    [
      "fatal: unable to access 'https://h:1/x/': Failed to connect to h port 1 after 0 ms: Couldn't connect to server",
      HTTP,
      /cannot be reached$/,
      /network/,
    ],
    ['ssh: connect to host 10.0.0.1 port 1: Connection refused', SSH, /cannot be reached$/, /network/],
    [
      'fatal: unable to connect to 10.0.0.1:\n10.0.0.1[0: 10.0.0.1]: errno=Connection refused',
      'git://10.0.0.1/x',
      /cannot be reached$/,
      /network/,
    ],
    [
      "fatal: unable to access 'https://h/x/': server certificate verification failed. CAfile: none CRLfile: none",
      HTTP,
      /certificate/,
      /KOALACI_EXTRA_CA_CERTS/,
    ],
    [
      "fatal: unable to access 'https://h/x/': gnutls_handshake() failed: An unexpected TLS packet was received.",
      HTTP,
      /no secure connection/,
      /port/,
    ],
  ])('%s', async (said, address, message, remedy) => {
    expect(await explained(`Cloning into 'x'...\n${said}\n`, address)).toEqual({
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('and not what a server, or the name of a file, only mentions', async () => {
    const said =
      'remote: Permission denied (publickey) is explained at our site\nDownloading fatal: Authentication failed\nA file: certificate\n';
    expect((await explained(said, HTTP)).message).toBe('');
  });

  it('and names a submodule, not the repository', async () => {
    const what = 'the submodule themes/nice (http://h/nice.git)';
    const lost = await explained(
      "fatal: repository 'http://h/nice.git/' not found",
      'http://h/nice.git',
      what,
    );
    expect(lost.message).toBe(`${what} was not found: there is no repository at that address`);
    expect(lost.remedy).not.toContain('project_repo_url');
    const commit = await explained(
      "fatal: remote error: upload-pack: not our ref 1111\nfatal: Fetched in submodule path 's', but it did not contain 1111. Direct fetching of that commit failed.",
      'http://h/nice.git',
      what,
    );
    expect(commit.message).toBe(`${what} does not have the commit that is asked for`);
  });
});

it.each([
  ['[abab] Object does not exist: [404] Object does not exist', /is not on the server$/],
  ['batch response: Git credentials for http://h/x.git not found.', /needs credentials/],
  ['batch response: Authorization error: http://h/x.git/objects/batch', /forbids it/],
  ['batch response: Repository or object not found: http://h/objects/batch', /was not found/],
  [
    'batch response: Post "http://h/x": dial tcp 10.0.0.1:1: connect: connection refused',
    /cannot be reached$/,
  ],
  [
    'batch response: Post "http://h/x": dial tcp: lookup h on 127.0.0.11:53: no such host',
    /host name is not known/,
  ],
  [
    "batch request: fatal: unrecognized command 'git-lfs-authenticate /x.git download': exit status 128",
    /does not give LFS objects to those who come over ssh$/,
  ],
  [
    'batch request: bash: line 1: git-lfs-authenticate: command not found: exit status 127',
    /does not give LFS objects to those who come over ssh$/,
  ],
  ['batch request: koalaci: no ssh key was given for other.org: exit status 255', /given for other.org$/],
  ['batch request: git@h: Permission denied (publickey).: exit status 255', /does not accept the ssh key$/],
  ['batch request: a banner\nERROR: Repository not found.: exit status 1', /was not found/],
  [
    'batch response: Authentication required: Authorization error: https://lfs.org:8443/x/objects/batch\nCheck it',
    /lfs\.org:8443 does not accept the credentials$/,
  ],
  ['something new', /cannot be had: something new$/],
  ['batch request: something new\nand more: exit status 1', /cannot be had: something new$/],
])('an LFS object is named with the reason: %s', async (reason, message) => {
  const script = 'git-words::lfs "$@"; printf "%s\\n" "$MESSAGE"';
  const words = [reason, 'the LFS object abab (a b.bin)', 'http://h/x.git'];
  const { stdout } = await callSteps(['git-words.sh'], script, { words });
  expect(stdout).toMatch(/^the LFS object abab \(a b.bin\)/);
  expect(stdout).toMatch(message);
});

it.each([
  ['https://ann:pw@h/x.git', 'https://h/x.git'],
  ['https://token@h:8443/x.git?private_token=1', 'https://h:8443/x.git'],
  ['ssh://git:pw@h/x', 'ssh://git@h/x'],
  ['git@h:org/x', 'git@h:org/x'],
  ['../x.git', '../x.git'],
])('%s is shown as %s', async (address, shown) => {
  const { stdout } = await callSteps(['git-words.sh'], 'git-words::shown "$1"; echo "$REPLY"', {
    words: [address],
  });
  expect(stdout).toBe(shown);
});
