// The house: which room stands on which floor, and how large a room's pieces may be.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** From the ground up. A folder imports only from folders on lower floors. */
const FLOORS = [
  ['job', 'secrets'],
  ['artifact', 'client', 'detection', 'docker', 'outbound', 'settings'],
  ['provenance', 'sandbox', 'store', 'upload'],
  ['doctor', 'releases', 'reuse', 'snapshot'],
  ['runner'],
  ['archives'],
  ['queue', 'report', 'telemetry', 'ui', 'usage'],
  ['callbacks', 'server'],
  ['commands'],
  ['cli-options.ts'],
  [
    'cli-artifacts.ts',
    'cli-cache.ts',
    'cli-program.ts',
    'cli-quick.ts',
    'cli-releases.ts',
    'cli-service.ts',
    'cli-usage.ts',
  ],
  ['cli.ts', 'quick.ts', 'packer.ts', 'post-build.ts', 'prove.ts'],
];
const MOST_LINES = 250;
const MOST_FUNCTION_LINES = 40;
const MEDIAN_LINES = 65;

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const texts = new Map(files.map((file) => [file, readFileSync(join(SRC, file), 'utf8')]));

const roomOf = (file: string) => file.split('/')[0] ?? '';
const floorOf = (file: string) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));

/** The files of ours that a file imports, types included. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(texts.get(file) ?? '');
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => relative(SRC, resolve(SRC, dirname(file), fileName)).replace(/\.js$/, '.ts'));
}

describe('the rooms', () => {
  it('each stand on a floor', () => {
    expect(files.filter((file) => floorOf(file) === -1)).toEqual([]);
  });

  it('import from lower floors only', () => {
    const upwards = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => roomOf(target) !== roomOf(file) && floorOf(target) >= floorOf(file))
        .map((target) => `${file} → ${target}`),
    );
    expect(upwards).toEqual([]);
  });

  it('have no circle inside them', () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (path.includes(file) || done.has(file)) return;
      for (const target of importsOf(file)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe('a piece of the house is small', () => {
  const lines = (text: string) => text.trimEnd().split('\n').length;

  it(`no file has over ${MOST_LINES} lines, half of them fewer than ${MEDIAN_LINES}`, () => {
    expect(files.filter((file) => lines(texts.get(file) ?? '') > MOST_LINES)).toEqual([]);
    const sorted = [...texts.values()].map(lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(MEDIAN_LINES);
  });

  it(`no function has over ${MOST_FUNCTION_LINES} lines`, () => {
    const long: string[] = [];
    for (const [file, text] of texts) {
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
      const visit = (node: ts.Node): void => {
        if (ts.isFunctionLike(node)) {
          const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
          const count = source.getLineAndCharacterOfPosition(node.end).line - from + 1;
          if (count > MOST_FUNCTION_LINES) long.push(`${file}:${from + 1} has ${count} lines`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(long).toEqual([]);
  });
});

it('holds that shared code stays what its floor says: only the edge knows how to end the process', () => {
  const ends = files.filter((file) => /process\.exit\(/.test(texts.get(file) ?? ''));
  expect(ends).toEqual(['cli.ts']);
});
