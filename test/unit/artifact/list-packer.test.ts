import { createHash } from 'node:crypto';
import { chmod, link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EarlierContents, earlierContents } from '../../../src/artifact/earlier-artifacts.js';
import { ListPacker } from '../../../src/artifact/list-packer.js';
import { objectPath } from '../../../src/artifact/objects.js';
import { linesOf } from '../../../src/artifact/pack-answer.js';
import { Packer } from '../../../src/artifact/packer.js';
import { listedEntries } from '../../../src/artifact/read-listing.js';
import { archiveOf } from '../../../src/artifact/tar-of-list.js';
import { listed } from '../../support/listed.js';
import { tarOf } from '../../support/tar.js';

let work: string;
let dist: string;

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'koala-list-packer-'));
  dist = join(work, 'dist');
  await mkdir(dist);
});
afterEach(() => rm(work, { recursive: true, force: true }));

const LIMITS = { bytes: 1 << 26, entries: 1_000, path: 1_000, depth: 20 };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
let packers = 0;

interface Packing {
  earlier?: EarlierContents[];
  secrets?: string[];
  searchKey?: string;
  limits?: Partial<typeof LIMITS>;
  /** Changes what the container lists and sends. */
  lie?: (list: string) => string;
  send?: (contents: Buffer) => Buffer;
}

/** Packs the dist directory from its list. */
async function pack({ earlier = [], secrets = [], searchKey = 'key', lie, send, ...one }: Packing = {}) {
  let wanted = '';
  const name = `${++packers}`;
  const packer = new ListPacker({
    list: join(work, `list-${name}`),
    objects: { directory: join(work, 'objects'), partial: join(work, 'partial') },
    limits: { ...LIMITS, ...one.limits },
    ...{ time: 1_700_000_000, secrets, earlier, searchKey },
    onWanted: (answers) => {
      wanted = answers;
    },
  });
  const limits = { entries: 1_000, bytes: 1 << 26 };
  const { contents } = await listed(dist, {
    ...limits,
    answer: (list) => {
      const all = lie ? Buffer.from(lie(list.toString('latin1')), 'latin1') : list;
      for (let at = 0; at < all.length; at += 77) packer.write(all.subarray(at, at + 77));
      return wanted;
    },
  });
  const sent = send ? send(contents) : contents;
  for (let at = 0; at < sent.length; at += 1_000) packer.write(sent.subarray(at, at + 1_000));
  const packed = await packer.close();
  return { packer, packed, wanted: wanted.replaceAll('0', '').length, sent: sent.length, name };
}

/** The manifest of what was packed, as a build writes it. */
async function manifestOf(name: string, searched?: object): Promise<string> {
  const file = join(work, 'artifacts', `${name}.json`);
  await mkdir(join(work, 'artifacts'), { recursive: true });
  const head = {
    ...{ deployment_id: name, project_id: 'site', user_id: 'ann', repo: 'https://host/site.git' },
    ...{ branch: 'main', files: 1, bytes: 1, searched },
  };
  const list = await readFile(join(work, `list-${name}`), 'utf8');
  const whole = JSON.stringify(head, null, 2).slice(0, -2);
  await writeFile(file, `${whole},\n  "entries": [\n${list}\n  ]\n}\n`);
  return file;
}

const shippedBy = (branch: string, repository = 'host/site') =>
  earlierContents(
    { directory: join(work, 'artifacts'), repository, branches: [branch] },
    join(work, 'objects'),
  );

const WITHOUT_VALUES = { key: 'key', found: [] };

async function makeOddDist(): Promise<void> {
  const long = `${'d'.repeat(90)}/${'e'.repeat(90)}`;
  await mkdir(join(dist, long), { recursive: true });
  await mkdir(join(dist, '.git'));
  await writeFile(join(dist, '.git', 'config'), 'not shipped');
  await writeFile(join(dist, long, 'f'.repeat(120)), 'deep');
  await mkdir(join(dist, 'empty'));
  await writeFile(join(dist, 'nothing.txt'), '');
  await writeFile(join(dist, 'large.js'), 'export const x = 1;\n'.repeat(300_000));
  await writeFile(Buffer.concat([Buffer.from(`${dist}/`), Buffer.from([0xff, 0xfe])]), 'no UTF-8');
  await writeFile(join(dist, 'ü "sha256":"quoted" \\ name\n.txt'), 'odd');
  await writeFile(join(dist, 'program'), '#!/bin/sh');
  await chmod(join(dist, 'program'), 0o4777);
  await link(join(dist, 'program'), join(dist, 'same program'));
  await writeFile(join(dist, 'unreadable'), 'all the same');
  await chmod(join(dist, 'unreadable'), 0o100);
  await writeFile(join(dist, 'copy'), '#!/bin/sh');
  await symlink('program', join(dist, 'a link'));
  await symlink('/etc/passwd', join(dist, 'out'));
  await symlink('..', join(dist, 'empty', 'up'));
  await execa('mkfifo', [join(dist, 'pipe')]);
  for (let n = 0; n < 100; n++) await writeFile(join(dist, `page-${n}.html`), `<h1>${n}</h1>`.repeat(n));
}

it('makes of a list what it makes of a tar: the same entries, notes and archive', async () => {
  await makeOddDist();
  const { packer, packed, name } = await pack();
  const file = join(work, 'd1.tar.gz');
  const objects = { directory: join(work, 'others'), partial: join(work, 'partial') };
  const list = join(work, 'list');
  const of = new Packer({ file, list, objects, limits: LIMITS, time: 1_700_000_000, secrets: [] });
  of.write(await tarOf(dist));
  const { archiveBytes: _, sha256: __, ...same } = (await of.close()) as unknown as Record<string, unknown>;
  expect(packed).toEqual(same);
  expect(await readFile(join(work, `list-${name}`), 'utf8')).toBe(await readFile(list, 'utf8'));
  // A link that leads out stands at the end of the list.
  expect(linesOf(packer.noted).sort()).toEqual(linesOf(of.noted).sort());
  const archive = archiveOf({
    entries: listedEntries(await manifestOf(name)),
    contentOf: ({ sha256: hash = '', mode }) => objectPath(join(work, 'objects'), { sha256: hash, mode }),
    time: 1_700_000_000,
  });
  expect((await buffer(archive)).equals(await readFile(file))).toBe(true);
});

it('wants only what the branch has not shipped before, and what the store has lost', async () => {
  for (let n = 0; n < 50; n++) await writeFile(join(dist, `${n}.txt`), `text ${n}`);
  await writeFile(join(dist, 'copy.txt'), 'text 1');
  const first = await pack();
  expect(first.wanted).toBe(50);
  await manifestOf(first.name, WITHOUT_VALUES);
  await writeFile(join(dist, '7.txt'), 'changed');
  await rm(objectPath(join(work, 'objects'), { sha256: sha256('text 3'), mode: '644' }));
  const second = await pack({ earlier: await shippedBy('main') });
  expect([second.wanted, second.sent]).toEqual([2, 'changedtext 3'.length]);
  expect(
    await readFile(objectPath(join(work, 'objects'), { sha256: sha256('changed'), mode: '644' }), 'utf8'),
  ).toBe('changed');
});

it.each([
  ['another branch has shipped it', 'work', 'host/site', WITHOUT_VALUES],
  ['another repository has shipped it', 'main', 'other/site', WITHOUT_VALUES],
  ['a job of less trust has shipped it', 'main', 'host/site', undefined],
])('wants what is in the store all the same where %s', async (_, branch, repository, searched) => {
  await writeFile(join(dist, 'index.html'), 'a page');
  await manifestOf((await pack()).name, searched);
  expect((await pack({ earlier: await shippedBy(branch, repository) })).wanted).toBe(1);
});

describe('a list that lies', () => {
  it('has to send a content that its branch does not know, and cannot', async () => {
    await writeFile(join(dist, 'index.html'), 'the secret of another project');
    await pack();
    await rm(join(dist, 'index.html'));
    await writeFile(join(dist, 'index.html'), '?'.repeat(29));
    const hash = sha256('the secret of another project');
    const { packed } = await pack({ lie: (list) => list.replace(sha256('?'.repeat(29)), hash) });
    expect(packed).toMatchObject({
      reason: 'dist_missing',
      message: 'index.html in the dist directory changed while it was read',
    });
  });

  it.each([
    [
      'more contents come',
      (list: string) => list,
      (sent: Buffer) => Buffer.concat([sent, sent]),
      /more contents/,
    ],
    [
      'fewer contents come',
      (list: string) => list,
      (sent: Buffer) => sent.subarray(1),
      /contents of the list/,
    ],
    ['its end is missing', (list: string) => list.slice(0, -1), undefined, /the list has no end/],
    ['a hash is missing', (list: string) => list.replace(/[0-9a-f]{64}/, '-'), undefined, /could be read/],
    ['a size is none', (list: string) => list.replace(/ 6 /, ' 6e1 '), undefined, /did not write/],
    ['it goes on after its end', (list: string) => `${list}x\0`, undefined, /after its end/],
  ])('fails where %s', async (_, lie, send, message) => {
    await writeFile(join(dist, 'a.txt'), 'a text');
    await expect(pack({ lie, ...(send ? { send } : {}) })).rejects.toThrow(message);
  });
});

it('is refused where it has more than may be shipped, without a look at what that is', async () => {
  for (let n = 0; n < 20; n++) await writeFile(join(dist, `${n}.txt`), 'x'.repeat(1_000));
  expect((await pack({ limits: { entries: 10 } })).packed).toMatchObject({ reason: 'artifact_limit' });
  expect((await pack({ limits: { bytes: 10_000 } })).packed).toMatchObject({ reason: 'artifact_limit' });
  const { list } = await listed(dist, { answer: () => '', entries: 5, bytes: 1 << 20 });
  expect(list.toString('latin1').split('\0').length).toBeLessThan(25);
});

describe('a search of what does not come', () => {
  const SECRETS = ['sekrit-value-0123456', 'another-secret-98765'];
  const first = async () => {
    await writeFile(join(dist, 'a.js'), `// \nkey = '${SECRETS[1]}'`);
    await writeFile(join(dist, 'b.js'), 'nothing');
    return pack({ secrets: SECRETS });
  };
  const FINDING = { secret: 1, path: 'a.js', line: 2 };

  it('finds what was found before, also where it was not sent again', async () => {
    const { packer, name } = await first();
    expect(packer.findings).toEqual([FINDING]);
    await manifestOf(name, { key: 'key', found: [1] });
    const again = await pack({ secrets: SECRETS, earlier: await shippedBy('main') });
    expect([again.wanted, again.packer.findings]).toEqual([0, [FINDING]]);
  });

  it('looks for all values where the last build had others', async () => {
    const { name } = await first();
    await manifestOf(name, { key: 'of no values', found: [] });
    const again = await pack({ secrets: SECRETS, earlier: await shippedBy('main') });
    expect([again.wanted, again.packer.findings]).toEqual([0, [FINDING]]);
  });

  it('does not read it where nothing was found', async () => {
    await writeFile(join(dist, 'a.js'), 'clean');
    const { name } = await pack({ secrets: SECRETS });
    await manifestOf(name, WITHOUT_VALUES);
    await chmod(objectPath(join(work, 'objects'), { sha256: sha256('clean'), mode: '644' }), 0o444);
    const again = await pack({ secrets: SECRETS, earlier: await shippedBy('main') });
    expect([again.wanted, again.packer.findings]).toEqual([0, []]);
  });
});
