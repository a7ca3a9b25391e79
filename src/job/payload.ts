// The payload of a job: one schema for a file, standard input, flags and HTTP.
import * as z from 'zod';
import { KoalaError } from './errors.js';
import { type DeploymentId, ID_PATTERN, type ProjectId } from './identity.js';
import { PACKAGE_MANAGER_CHOICES, PACKAGE_MANAGER_WORDS } from './package-managers.js';
import { isBranchName, isRelativeInside, isRepositoryUrl } from './rules.js';

const KIB = 1024;
const text = (max: number) =>
  z
    .string('must be a string')
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !value.includes('\0'), 'must not contain a NUL character');

/** Variables that bash sets itself and does not let others set. */
const SHELLS_OWN =
  /^(E?UID|PPID|GROUPS|S?RANDOM|SECONDS|LINENO|BASHPID|EPOCH(SECONDS|REALTIME)|DIRSTACK|FUNCNAME|PIPESTATUS|(BASH|SHELL)OPTS|BASH_(VERSINFO|ARG[CV0]*|LINENO|SOURCE|REMATCH|COMMAND|SUBSHELL))$/;

const id = text(128).regex(
  ID_PATTERN,
  'must be 1 to 128 letters, digits, ".", "_" or "-", and start with a letter or digit',
);
const branch = text(255).refine(isBranchName, 'must be a valid name of a git branch or tag');
const directory = text(4 * KIB).refine(
  isRelativeInside,
  'must be a relative path that stays inside the project',
);

/** The fields of a job, with their rules. */
export const Payload = z
  .strictObject({
    project_id: id.transform((value) => value as ProjectId),
    deployment_id: id.transform((value) => value as DeploymentId),
    project_branch: branch,
    project_repo_url: text(4 * KIB)
      .refine(
        isRepositoryUrl,
        'must be https://, http://, ssh://, git://, user@host:path, file:// or a local path; write % as %25 in a password',
      )
      // git accepts schemes in lower case only.
      .transform((url) => url.replace(/^[A-Za-z]+(?=:\/\/)/, (scheme) => scheme.toLowerCase())),
    // A text area sends CRLF, which bash would take for a part of the words.
    project_build_command: text(8 * KIB).transform((command) => command.replace(/\r+(?=\n|$)/g, '')),
    project_package_manager: z.enum(PACKAGE_MANAGER_CHOICES, {
      error: `must be ${PACKAGE_MANAGER_WORDS}`,
    }),
    project_dist_directory: text(4 * KIB).min(1, 'must not be empty; "." ships the whole project'),
    project_commit: text(64)
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full commit SHA in lower case')
      .optional(),
    project_default_branch: branch.optional(),
    project_root: directory.optional(),
    node_version: text(64)
      .regex(/^[\w .<>=~^|*/-]+$/, 'must be a version or a range, such as 22, 22.11.0 or >=20 <23')
      .optional(),
    env: z
      .record(
        z
          .string()
          .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'has a name that is not valid for a shell variable')
          .refine((name) => !SHELLS_OWN.test(name), 'has a name that bash keeps for itself'),
        text(64 * KIB),
        'must be an object of strings',
      )
      .optional(),
    frozen_lockfile: z.boolean('must be true or false').optional(),
    timeout_seconds: z
      .number('must be a number of seconds')
      .int('must be a whole number of seconds')
      .min(1, 'must be at least 1')
      .max(86_400, 'must be at most 86400 (a day)')
      .optional(),
    callback_url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
    cache: z.enum(['use', 'ignore'], { error: 'must be use or ignore' }).optional(),
    reuse: z.boolean('must be true or false').optional(),
    supersede: z.boolean('must be true or false').optional(),
  })
  .superRefine((payload, context) => {
    if (!isRelativeInside(payload.project_dist_directory, payload.project_root)) {
      context.addIssue({
        code: 'custom',
        path: ['project_dist_directory'],
        message: 'must be a relative path that stays inside the project',
      });
    }
  });

export type Payload = z.output<typeof Payload>;

/**
 * Parses what a user sent.
 * @throws KoalaError `bad_input`, which names every invalid field with its rule
 */
export function parsePayload(input: unknown): Payload {
  // The input tells a field that is missing from one that does not fit.
  const result = Payload.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.map(describeIssue);
  throw new KoalaError(
    'bad_input',
    `the job is not valid:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    {
      remedy: 'Correct the fields named above; the README lists every field with its rule.',
    },
  );
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.join('.') || 'the payload';
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${key}: is not a field of a job`).join('\n  ');
  if (issue.code === 'invalid_key') return `${field}: ${issue.issues[0]?.message ?? issue.message}`;
  if (issue.code === 'invalid_type' && issue.path.length === 0) return 'the payload: must be a JSON object';
  if (issue.input === undefined && ['invalid_type', 'invalid_value'].includes(issue.code))
    return `${field}: is missing`;
  return `${field}: ${issue.message}`;
}
