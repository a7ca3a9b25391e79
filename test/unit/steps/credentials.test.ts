import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

/** Rows as `form host [path]`; a host with the port 3000 speaks plain http. */
function add(rows: string[]): string {
  return rows
    .map((row) => row.split(' '))
    .map(([form = '', host = '', path = '']) => {
      const scheme = form === 'ssh' ? 'ssh' : host.endsWith(':3000') ? 'http' : 'https';
      return `rows::add ${form} ${scheme} '${host}' '${path}' git secret`;
    })
    .join('\n');
}

/** Where git goes for an address, by the rules that are made for rows and a text. */
async function goesTo(rows: string[], text: string, address: string): Promise<string> {
  const script = `${add(rows)}\ncredentials::rules <<<"$1"\ncat "$GIT_RULES"`;
  const run = await workspaceOf({});
  const { stdout } = await callSteps(
    [],
    `RUN=${run} STEPS=/koala/steps; source ${join(STEPS, 'credentials.sh')}\n${script}`,
    {
      words: [text],
    },
  );
  const config = join(await workspaceOf({ config: stdout }), 'config');
  const env = { GIT_CONFIG_SYSTEM: '/dev/null', GIT_CONFIG_GLOBAL: config };
  return (await execa('git', ['ls-remote', '--get-url', address], { env, cwd: '/' })).stdout;
}

describe('an address whose form has no credentials follows those of the other form of its host', () => {
  it.each([
    ['ssh to http, whatever the port', ['http h:3000'], 'ssh://git@h:2222/org/x', 'http://h:3000/org/x'],
    ['scp-like to https', ['http h'], 'git@h:org/x.git', 'https://h/org/x.git'],
    ['with a slash', ['http h'], 'git@h:/org/x.git', 'https://h/org/x.git'],
    ['another account', ['http h'], 'ssh://deploy@h/org/x', 'https://h/org/x'],
    ['https to ssh', ['ssh h:2222'], 'https://h/org/x', 'ssh://git@h:2222/org/x'],
    ['https with a name to ssh', ['ssh h'], 'https://ann@h/org/x', 'ssh://git@h/org/x'],
    ['a path with a row of its own', ['http h', 'ssh h org'], 'https://h/org/x', 'ssh://git@h/org/x'],
    [
      'a repository with a row of its own',
      ['http h', 'ssh h org/x'],
      'https://h/org/x.git',
      'ssh://git@h/org/x.git',
    ],
  ])('%s', async (_, rows, address, target) => {
    expect(await goesTo(rows, `"lib": "${address}"`, address)).toBe(target);
  });

  it.each([
    ['another host', ['http h'], 'ssh://git@other/x'],
    ['a host that ends alike', ['http h.com'], 'ssh://git@evil-h.com/x'],
    ['a host that begins alike', ['http h.com'], 'git@h.com.evil:x'],
    ['a dot that is a letter', ['http h.com'], 'git@hxcom:x'],
    ['both forms have some', ['http h', 'ssh h'], 'git@h:x'],
    ['its own port of the form', ['ssh h', 'http h:3000'], 'ssh://git@h/x'],
    ['a path beside the row', ['http h org'], 'git@h:organs/x'],
    ['a shorter row has its form', ['ssh h', 'http h org'], 'git@h:other/x'],
  ])('but not %s', async (_, rows, address) => {
    expect(await goesTo(rows, `"lib": "${address}"`, address)).toBe(address);
  });
});

describe('the row for an address', () => {
  const rows = ['http h', 'http h org', 'http h org/site', 'ssh h', 'http h:3000'];
  it.each([
    ['http', 'h', 'other/x.git', 0],
    ['http', 'h', 'org/x.git', 1],
    ['http', 'h', '/org/site.git', 2],
    ['http', 'h', 'org/site.git/info/lfs', 2],
    ['http', 'h', 'org/site-two.git', 1],
    ['http', 'h', 'organs/x', 0],
    ['ssh', 'h', 'org/x', 3],
    ['http', 'h:3000', 'org/x', 4],
  ])('%s %s %s is the one with the longest path', async (form, host, path, index) => {
    const { stdout } = await callSteps(
      ['credential-rows.sh'],
      `${add(rows)}\nrows::choose "$@"; echo "$REPLY"`,
      {
        words: [form, host, path],
      },
    );
    expect(stdout).toBe(String(index));
  });

  it.each([
    ['ssh', 'h:3000', 'x'],
    ['http', 'h:80', 'x'],
    ['http', 'sub.h', 'x'],
  ])('%s %s %s is none', async (form, host, path) => {
    const { exitCode } = await callSteps(['credential-rows.sh'], `${add(rows)}\nrows::choose "$@"`, {
      words: [form, host, path],
    });
    expect(exitCode).toBe(1);
  });
});
