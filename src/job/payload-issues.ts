// Says what is wrong with the fields of a job: the rule of each, and what was there instead. Pure.
import type * as z from 'zod';
import type { FieldProblem } from './errors.js';
import { nearest } from './nearest.js';
import { snakeCase } from './public-json.js';

/** Values that may be or hold a secret are never shown, only of which type they are. */
const SECRET = [
  'env',
  'project_ssh_key',
  'project_repo_url',
  'callback_url',
  'artifact_url',
  'project_build_command',
];
/** Longer texts are cut. */
const SHOWN = 60;

/** What is wrong with each field that an issue is about; `input` is the whole job, and `fields` the names that it may have. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  input: unknown,
  fields: readonly string[],
): FieldProblem[] {
  const path = issue.path.map((name) => showName(String(name))).join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const message = `is not a field of a job${path ? '' : hint(key, fields)}`;
      return { path: path ? `${path}.${showName(key)}` : showName(key), message };
    });
  if (path === '') return [{ path, message: `must be a JSON object, not ${typeOf(input)}` }];
  if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }];
  const value = valueAt(input, issue.path);
  if (value === undefined) return [{ path, message: 'is missing' }];
  const isSecret = SECRET.includes(String(issue.path[0]));
  const found = isSecret ? secretly(value) : showValue(value);
  const guess = isSecret ? '' : meant(issue, value);
  return [{ path, message: `${issue.message}${found ? `, not ${found}` : ''}${guess}` }];
}

/** A problem in a line. */
export function problemLine({ path, message }: FieldProblem): string {
  return `${path || 'the payload'}: ${message}`;
}

/** The one of the words a field may have that somebody meant. */
function meant(issue: z.core.$ZodIssue, value: unknown): string {
  const issues = issue.code === 'invalid_union' ? issue.errors.flat() : [issue];
  const words = issues.flatMap((one) => (one.code === 'invalid_value' ? one.values : [])).map(String);
  const word = typeof value === 'string' ? nearest(value.toLowerCase(), words) : undefined;
  return word === undefined ? '' : `; did you mean ${word}?`;
}

function hint(key: string, fields: readonly string[]): string {
  const name = snakeCase(key.replaceAll('-', '_')).replace(/^_/, '');
  const isPart = (field: string) => field === name || field.endsWith(`_${name}`);
  const meant = fields.find(isPart) ?? nearest(name, fields);
  return meant ? `; did you mean ${meant}?` : '';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const name of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[name];
  return value;
}

/** A text that does not fit may hold the secret, so that nothing is said of it. */
function secretly(value: unknown): string {
  return typeof value === 'string' ? '' : typeOf(value);
}

function showValue(value: unknown): string {
  if (typeof value === 'object' || typeof value === 'function') return typeOf(value);
  if (typeof value !== 'string') return String(value);
  if (value.length <= SHOWN) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, SHOWN))}… (${value.length} characters)`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}

/** A name as it is; one that could break the line, or is long, in quotes and cut. */
function showName(name: string): string {
  const isPlain = /^[\x21-\x7e]+$/.test(name) && name.length <= SHOWN;
  return isPlain ? name : showValue(name);
}
