// What a build can put into its artifact: nothing of it leads out, whoever unpacks it with whatever Debian has.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { filesIn } from '../support/artifact.js';
import { Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';
import { type Unpacked, unpackedByAll } from '../support/unpack.js';
import { attack } from './attack.js';

let koalaci: Koalaci;
beforeAll(async () => {
  koalaci = await Koalaci.open();
});
afterAll(() => koalaci.close());

let builds = 0;

/** Builds with a command that runs in the dist directory, unpacks the artifact with all tools, and looks where that led. */
async function shipped(
  command: string,
  look: (all: Unpacked[], said: string) => Promise<void> = async () => {},
) {
  const id = `hostile-${++builds}`;
  const { exitCode, stdout, stderr } = await koalaci.build(await repoOf('static'), {
    id,
    command: `cd public; ${command}`,
  });
  expect(exitCode, stdout + stderr).toBe(0);
  await using unpacked = await unpackedByAll(koalaci.artifact(id));
  for (const { tool, outside } of unpacked.all) expect(outside, tool).toEqual([]);
  // Each tool has unpacked the innocent file beside.
  for (const { tool, root } of unpacked.all)
    expect(await readFile(join(root, 'index.html'), 'utf8').catch(() => 'nothing'), tool).toContain('<');
  await look(unpacked.all, stdout);
  return { files: await filesIn(koalaci.artifact(id)), said: stdout };
}

/** A directory three deep, with a link that leads to the top: seen from there, ".." is outside. */
const UP = 'mkdir -p d/e; ln -s ../.. d/e/up';

describe('an artifact that leads out', () => {
  attack(
    'a link whose way goes through another link, and up from there',
    async () => {
      const { files, said } = await shipped(
        `${UP}; ln -s d/e/up/../x one; ln -s d/e/up/.. two; ln -s d/e/up/../x $'line\\nend'; ln -s d/e/up good`,
      );
      expect(Object.keys(files).sort()).toEqual(['d/e/up', 'good', 'index.html', 'style.css']);
      expect(said).toMatch(/left out of the artifact: one .*\n(.*\n)*.*left out of the artifact: two /);
    },
    { short: true },
  );

  attack('chains of links that each look harmless', async () => {
    await shipped(
      `${UP}; ln -s d $'l1\\n'; ln -s $'l1\\n/e' $'l2\\n'; ln -s $'l2\\n/up' 'l3 '; ln -s 'l3 /..' 'l4 '; ln -s 'l4 /..' 'l5 '; mkdir -p p; ln -s '../l3 /../x' 'p/l6 '`,
    );
  });

  attack('more ".." than directories, absolute links, and links to the box’s own places', async () => {
    const { files } = await shipped(
      `${UP}; ln -s ../../../../../../../../canary a; ln -s /etc/passwd b; ln -s //etc c; ln -s ./.././../canary d/f;
       ln -s /proc/self/root g; ln -s d/../../canary h; ln -s d/../index.html i; ln -s 'd//..//..//canary' j`,
    );
    expect(Object.keys(files).sort()).toEqual(['d/e/up', 'i', 'index.html', 'style.css']);
    expect(files.i).toBe('-> index.html');
  });

  attack('hard links to links, which lead elsewhere in another directory', async () => {
    const { files } = await shipped(
      `mkdir -p d/e; ln -s ../../x d/e/l; ln -P d/e/l $'z\\n'; ln -P d/e/l z; ln -P d/e/l 'z '`,
    );
    expect(files).toEqual({
      'd/e/l': '-> ../../x',
      'index.html': files['index.html'],
      'style.css': files['style.css'],
    });
  });

  attack('hard links to files: they stay, also over long names', async () => {
    const { files } = await shipped(
      `mkdir ${'d'.repeat(180)}; echo x >${'d'.repeat(180)}/f; ln ${'d'.repeat(180)}/f hard`,
    );
    expect(files[`${'d'.repeat(180)}/f`] ?? files.hard).toBe('x\n');
  });

  attack('links with names too long for a plain header', async () => {
    const long = 'n'.repeat(230);
    await shipped(
      `mkdir -p d/e/${long}/${long}; ln -s ../../../../x d/e/${long}/${long}/up; ln -s ../../../../../../../canary d/e/${long}/${long}/out;
       mkdir ${'o'.repeat(99)}; ln -s ../x ${'o'.repeat(99)}/${long}; ln -s ../x ${'o'.repeat(99)}/$'line\\nend'${long}; ln -s ${long}/${long} long`,
    );
  });

  attack('names that are not UTF-8: two stay two', async () => {
    await shipped(
      `printf 1 >$'x\\xe8'; printf 2 >$'x\\xe9'; mkdir $'${'d'.repeat(120)}\\xff'; printf 3 >$'${'d'.repeat(120)}\\xff/y\\xe8'; printf 4 >$'${'d'.repeat(120)}\\xff/y\\xe9'; ln -s $'x\\xe8' $'l\\xe8'; ln -s ../$'x\\xe8' $'l\\xe9'`,
      async (all, said) => {
        for (const tool of ['GNU tar', 'bsdtar', 'Python tarfile', 'busybox tar'])
          expect(await contentsOf(all, tool), tool).toEqual(['1', '2', '3', '4']);
        expect(said).toMatch(/names that are not UTF-8, which some tools change: .*x\\xe8/);
      },
    );
  });

  attack('names that differ by case or normalisation only: they are kept, and said', async () => {
    const { files, said } = await shipped(
      `echo 1 >a; echo 2 >A; mkdir docs DOCS; echo 3 >docs/x; echo 4 >DOCS/x; echo 5 >$'caf\\u00e9'; echo 6 >$'cafe\\u0301'`,
    );
    expect(Object.keys(files)).toHaveLength(8);
    expect(said).toMatch(/names that differ from others by case or normalisation only.*: .*a/);
  });

  attack('a link in place of a directory whose name differs by case only', async () => {
    const { files } = await shipped(`mkdir DOCS; ln -s ../x DOCS/l; ln -s . docs`);
    expect(files).toMatchObject({ 'DOCS/l': '-> ../x' });
    expect(files).not.toHaveProperty('docs');
  });

  attack('pipes, sockets, and a directory of git’s', async () => {
    const { files } = await shipped(
      `mkfifo pipe; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")'; mkdir .git; echo x >.git/config`,
    );
    expect(Object.keys(files).sort()).toEqual(['index.html', 'style.css']);
  });

  attack('names that a shell or another system takes for something else', async () => {
    const { files } = await shipped(
      `for n in '-rf' '*' '$(touch x)' '..\\canary' 'C:\\x' '\\x' 'a|b' '...' $'\\x1b[2J'; do printf x >"$n"; done; ln -s '..\\..\\canary' l; mkdir '..\\d'; echo x >'..\\d/f'`,
    );
    for (const name of ['..\\canary', 'C:\\x', '\\x', '..\\d/f', 'l'])
      expect(files).not.toHaveProperty([name]);
    for (const name of ['-rf', '*', '$(touch x)', 'a|b', '...']) expect(files).toHaveProperty([name]);
  });
});

/** The contents of the files that a tool has unpacked in the two directories of the case, in their order. */
async function contentsOf(all: Unpacked[], tool: string): Promise<string[]> {
  const root = all.find((one) => one.tool === tool)?.root ?? '';
  const { stdout } = await execa(
    'bash',
    ['-c', 'find . -type f -size -2c -exec cat {} \\; | fold -w 1 | sort'],
    { cwd: root },
  );
  return stdout.split('\n');
}
