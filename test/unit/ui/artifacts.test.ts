import { expect, it } from 'vitest';
import { differences, entryDifferences } from '../../../src/archives/differences.js';
import type { ListedEntry } from '../../../src/artifact/listing.js';
import { drawArtifacts, drawDifferences } from '../../../src/ui/artifacts.js';

const file = (path: string, sha256: string): ListedEntry => ({
  path,
  type: 'file',
  mode: '644',
  size: 1,
  sha256,
});

it('artifacts are listed with where they are, and what nobody knows is left out', () => {
  const at = Date.UTC(2026, 0, 31, 12);
  const one = {
    deployment: 'd1',
    project: 'site',
    branch: 'main',
    builtAt: at,
    files: 3,
    archiveBytes: 2_048,
  };
  expect(
    drawArtifacts(
      [
        { ...one, place: 'another_machine', recorded: true },
        { deployment: 'd2', project: 'site', builtAt: at, place: 'here', recorded: false },
      ],
      Number.POSITIVE_INFINITY,
    ),
  ).toEqual([
    'DEPLOYMENT  PROJECT  BRANCH  BUILT                FILES  SIZE   WHERE',
    'd1          site     main    2026-01-31 12:00:00  3      2 KiB  another machine',
    'd2          site             2026-01-31 12:00:00                here, no record',
  ]);
});

it('what differs is said with who says what; who says nothing is not named', () => {
  const said = {
    archive: { sha256: 'a', files: 2 },
    manifest: { sha256: 'b', files: 2 },
    record: { sha256: 'b' },
  };
  expect(drawDifferences(differences(said))).toEqual([
    'sha256: a in the archive, b in the manifest, b in the record',
  ]);
});

it('entries that are changed, more or missing are each said', () => {
  const archive = [file('same', '1'), file('changed', '2'), file('more', '3'), file('same', '1')];
  const manifest = [file('same', '1'), { ...file('changed', '9'), mode: '755' }, file('esc\u001b[31m', '4')];
  expect(drawDifferences(entryDifferences(archive, manifest))).toEqual([
    'changed: mode: 644 in the archive, 755 in the manifest',
    'changed: sha256: 2 in the archive, 9 in the manifest',
    'more: entry: there in the archive, missing in the manifest',
    'same: entry: there in the archive, missing in the manifest',
    expect.stringMatching(/^esc.*31m: entry: missing in the archive, there in the manifest$/),
  ]);
});
