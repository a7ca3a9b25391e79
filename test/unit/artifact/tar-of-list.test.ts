import { chmod, link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { objectPathOf } from '../../../src/artifact/objects.js';
import { Packer } from '../../../src/artifact/packer.js';
import { listedEntries } from '../../../src/artifact/read-listing.js';
import { archiveOf } from '../../../src/artifact/tar-of-list.js';
import { tarOf } from '../../support/tar.js';

let work: string;
let dist: string;

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'koala-tar-of-list-'));
  dist = join(work, 'dist');
  await mkdir(dist);
});
afterEach(() => rm(work, { recursive: true, force: true }));

const LIMITS = { bytes: 1 << 26, entries: 10_000, path: 1_000, depth: 20 };
const TIME = 1_700_000_000;

/** Packs the dist directory. Returns the archive, and the list as a manifest has it. */
async function pack(): Promise<{ archive: Buffer; manifest: string }> {
  const [file, list, manifest] = ['a.tar.gz', 'list', 'manifest.json'].map((name) => join(work, name));
  const objects = { directory: join(work, 'objects'), partial: join(work, 'partial') };
  const packer = new Packer({ file, list: list ?? '', objects, limits: LIMITS, time: TIME, secrets: [] });
  packer.write(await tarOf(dist));
  expect(await packer.close()).toHaveProperty('digest');
  const listed = await readFile(list ?? '', 'utf8');
  await writeFile(manifest ?? '', `{\n  "files": 1,\n  "entries": [\n${listed}\n  ]\n}\n`);
  return { archive: await readFile(file ?? ''), manifest: manifest ?? '' };
}

const again = (manifest: string) =>
  archiveOf({
    entries: listedEntries(manifest),
    contentOf: objectPathOf(join(work, 'objects')),
    time: TIME,
  });

it('makes the very bytes of the archive anew, whatever is in it', async () => {
  const long = `${'d'.repeat(90)}/${'e'.repeat(90)}`;
  await mkdir(join(dist, long), { recursive: true });
  await writeFile(join(dist, long, 'f'.repeat(120)), 'deep');
  await mkdir(join(dist, 'empty'));
  await writeFile(join(dist, 'nothing.txt'), '');
  await writeFile(join(dist, 'full-block'), Buffer.alloc(1_024, 'b'));
  await writeFile(Buffer.concat([Buffer.from(`${dist}/`), Buffer.from([0xff, 0xfe])]), 'no UTF-8');
  await writeFile(join(dist, 'ü "quoted" \\ name\n.txt'), 'odd');
  await writeFile(join(dist, 'program'), '#!/bin/sh');
  await chmod(join(dist, 'program'), 0o777);
  await link(join(dist, 'program'), join(dist, 'same program'));
  await symlink('program', join(dist, 'a link'));
  await symlink(`${long}`, join(dist, 'to a long name'));
  for (let n = 0; n < 400; n++) await writeFile(join(dist, `page-${n}.html`), `<h1>${n}</h1>`.repeat(n));
  await writeFile(join(dist, 'large.js'), 'export const x = 1;\n'.repeat(200_000));
  const { archive, manifest } = await pack();
  expect((await buffer(again(manifest))).equals(archive)).toBe(true);
});

it('fails where a content is missing', async () => {
  await writeFile(join(dist, 'a.txt'), 'one');
  const { manifest } = await pack();
  await rm(join(work, 'objects'), { recursive: true });
  await expect(buffer(again(manifest))).rejects.toMatchObject({ code: 'ENOENT' });
});
