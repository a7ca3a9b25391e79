// The operator's targets: reads targets.json, and opens each. To add a type, add its schema to ROWS and a row to TYPES.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { KoalaError } from '../job/errors.js';
import { readPrivate, rowsIn } from '../settings/private-file.js';
import type { Env } from '../settings/read.js';
import type { Settings } from '../settings/settings.js';
import { DirectoryRow } from './directory/row.js';
import { S3Row } from './s3/row.js';
import type { Target } from './target.js';

/** A target, and what the operator says of all types of them. */
export interface ConfiguredTarget extends Pick<TargetRow, 'branches' | 'keep'> {
  target: Target;
}

/** The schema of each type's rows. */
const ROWS = [DirectoryRow, S3Row] as const;
const TYPE_NAMES = ROWS.map(({ shape }) => shape.type.value);
const Row = z.discriminatedUnion('type', ROWS, `must be one of: ${TYPE_NAMES.join(', ')}`);
export type TargetRow = z.output<typeof Row>;

/** What makes a target of a row. Modules that only one type needs are loaded here. */
const TYPES: {
  [Type in TargetRow['type']]: (row: Extract<TargetRow, { type: Type }>, env: Env) => Promise<Target>;
} = {
  directory: async (row) => new (await import('./directory/directory.js')).DirectoryTarget(row),
  s3: async (row, env) => (await import('./s3/open.js')).openS3Target(row, env),
};

const NAME = 'KOALACI_TARGETS';
const HOME_FILE = 'targets.json';

/** Where the operator's targets are described; undefined if nowhere. */
export function targetsFile({ targets }: Pick<Settings, 'targets'>, home: string): string | undefined {
  const atHome = join(home, HOME_FILE);
  return targets ?? (existsSync(atHome) ? atHome : undefined);
}

/**
 * Reads a file of targets, anew for each build. Without a file, there are none.
 * @throws KoalaError `environment` when it cannot be read, may be read by others, or has a row that does not fit
 */
export async function readTargets(file: string | undefined): Promise<TargetRow[]> {
  return file === undefined ? [] : parseTargets(await readPrivate(file, NAME));
}

/** Opens targets, which connects to nothing yet. The environment may have what a row lacks. */
export async function openTargets(rows: TargetRow[], env: Env): Promise<ConfiguredTarget[]> {
  const open = (row: TargetRow) =>
    (TYPES[row.type] as (row: TargetRow, env: Env) => Promise<Target>)(row, env);
  return Promise.all(rows.map(async (row) => ({ ...row, target: await open(row) })));
}

/**
 * Parses the file's text. Pure.
 * @throws KoalaError `environment` that names the row and its field
 */
export function parseTargets(json: string): TargetRow[] {
  const listed = rowsIn(json, '{ "name": …, "type": … }', (problem) => unfit('the file', '', problem));
  const rows = listed.map((input, index) => {
    const name = (input as { name?: unknown } | null)?.name;
    const row = `row ${index + 1}${typeof name === 'string' ? ` (${name})` : ''}`;
    const result = Row.safeParse(input, { reportInput: true });
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    if (issue?.code === 'unrecognized_keys') throw unfit(row, issue.keys[0] ?? '', 'is not a field');
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    const field = isObject ? (issue?.path.join('.') ?? '') : '';
    const isMissing = field !== '' && (input as Record<string, unknown>)[field] === undefined;
    throw unfit(row, field, isMissing ? 'is missing' : (isObject && issue?.message) || 'must be an object');
  });
  const twice = rows.find(({ name }, index) => rows.findIndex((other) => other.name === name) < index);
  if (twice) throw unfit('the file', '', `has two rows with the name ${twice.name}`);
  return rows;
}

function unfit(row: string, field: string, problem: string): KoalaError {
  const where = field ? `${row}: ${field}` : row;
  return new KoalaError('environment', `${NAME}: ${where}: ${problem}`, {
    remedy: 'Correct it; the README describes the file.',
  });
}
