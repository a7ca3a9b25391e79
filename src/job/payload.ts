// The payload of a job: one schema for a file, standard input, flags and HTTP.
import * as z from 'zod';
import { KoalaError } from './errors.js';
import { gitAddress } from './git-address.js';
import { type DeploymentId, ID_PATTERN, type ProjectId } from './identity.js';
import { PACKAGE_MANAGER_CHOICES, PACKAGE_MANAGER_WORDS } from './package-managers.js';
import { describeIssue, problemLine } from './payload-issues.js';
import { isBranchName, isRelativeInside, isRepositoryUrl, isTagRef, shortRef } from './rules.js';
import { normalizeSshKey, sshKeyProblem } from './ssh-key.js';

const KIB = 1024;
/** Most bytes of a job as JSON, from a file, standard input or HTTP. */
export const PAYLOAD_BYTES = KIB ** 2;
const text = (max: number) =>
  z
    .string('must be a string')
    .max(max, `must have at most ${max} characters`)
    .refine((value) => !value.includes('\0'), 'must not contain a NUL character')
    // Written as UTF-8, all halves of surrogate pairs would become the same character.
    .refine((value) => !/\p{Cs}/u.test(value), 'must be valid Unicode');

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Variables that bash sets itself and does not let others set. */
const SHELLS_OWN =
  /^(E?UID|PPID|GROUPS|S?RANDOM|SECONDS|LINENO|BASHPID|EPOCH(SECONDS|REALTIME)|DIRSTACK|FUNCNAME|PIPESTATUS|(BASH|SHELL)OPTS|BASH_(VERSINFO|ARG[CV0]*|LINENO|SOURCE|REMATCH|COMMAND|SUBSHELL))$/;

/** A large .env file has some hundreds. */
const MOST_ENV_LINES = 10_000;
const linesIn = (values: Record<string, string>) =>
  Object.values(values).reduce((sum, value) => sum + value.split('\n').length, 0);

const id = text(128).regex(
  ID_PATTERN,
  'must be 1 to 128 letters, digits, ".", "_" or "-", and start with a letter or digit',
);
const ref = text(255).refine(
  (name) => isBranchName(shortRef(name)),
  'must be a valid name of a git branch or tag, with or without refs/heads/ or refs/tags/',
);
const COMMITS = 'must be a whole number of commits, or "full" for the whole history';
const fetching = z.strictObject(
  {
    // 0 is the whole history inside.
    depth: z
      .union([z.literal('full'), z.number().int().min(0).max(1_000_000)], COMMITS)
      .transform((depth) => (depth === 'full' ? 0 : depth))
      .optional(),
    tags: z.boolean('must be true or false').optional(),
  },
  'must be an object with depth and tags',
);
// A text area sends CRLF, which bash would take for a part of the words.
const command = text(8 * KIB).transform((words) => words.replace(/\r+(?=\n|$)/g, ''));
/** Whether a READY build may stand for another one, and what has to be the same for that. */
export const REUSE_MODES = ['off', 'same', 'related'] as const;
export type ReuseMode = (typeof REUSE_MODES)[number];
/** As jobs wrote it before there were three. */
const LIKE_A_SWITCH = z.boolean().transform((isOn): ReuseMode => (isOn ? 'same' : 'off'));
const directory = text(4 * KIB).refine(
  isRelativeInside,
  'must be a relative path that stays inside the project',
);

/** The fields of a job, with their rules. */
export const Payload = z
  .strictObject({
    project_id: id.transform((value) => value as ProjectId),
    deployment_id: id.transform((value) => value as DeploymentId),
    // A branch goes by its short name; `refs/tags/…` says that no branch is meant.
    project_branch: ref.transform((name) => (isTagRef(name) ? name : shortRef(name))),
    project_repo_url: text(4 * KIB)
      .refine(
        isRepositoryUrl,
        'must be https://, http://, ssh://, git://, user@host:path, file:// or a local path; write % as %25 in a password',
      )
      // git accepts schemes in lower case only.
      .transform((url) => url.replace(/^[A-Za-z]+(?=:\/\/)/, (scheme) => scheme.toLowerCase())),
    project_build_command: command,
    project_package_manager: z.enum(PACKAGE_MANAGER_CHOICES, {
      error: `must be ${PACKAGE_MANAGER_WORDS}`,
    }),
    project_dist_directory: text(4 * KIB).min(1, 'must not be empty; "." ships the whole project'),
    project_commit: text(64)
      .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full commit SHA in lower case')
      .optional(),
    project_default_branch: ref.transform(shortRef).optional(),
    project_fetch: fetching.optional(),
    project_ignore_command: command.optional(),
    project_root: directory.optional(),
    project_ssh_key: text(16 * KIB)
      .transform(normalizeSshKey)
      .superRefine((key, context) => {
        const message = sshKeyProblem(key);
        if (message) context.addIssue({ code: 'custom', message });
      })
      .optional(),
    node_version: text(64)
      .regex(/^[\w .<>=~^|*/-]+$/, 'must be a version or a range, such as 22, 22.11.0 or >=20 <23')
      .optional(),
    env: z
      .record(
        z
          .string()
          .regex(VARIABLE, 'has a name that is not valid for a shell variable')
          .refine((name) => !SHELLS_OWN.test(name), 'has a name that bash keeps for itself'),
        text(64 * KIB),
        'must be an object of strings',
      )
      // Each line is hidden in logs, in every form, and what that costs has a bound.
      .refine(
        (all) => linesIn(all) <= MOST_ENV_LINES,
        `must have at most ${MOST_ENV_LINES} lines in all values`,
      )
      .optional(),
    public_env: z
      .array(
        text(64 * KIB).regex(VARIABLE, 'must be a name of a variable'),
        'must be an array of names of variables',
      )
      .optional(),
    skip_ci: z.boolean('must be true or false').optional(),
    frozen_lockfile: z.boolean('must be true or false').optional(),
    timeout_seconds: z
      .number('must be a number of seconds')
      .int('must be a whole number of seconds')
      .min(1, 'must be at least 1')
      .max(86_400, 'must be at most 86400 (a day)')
      .optional(),
    callback_url: z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
      .regex(/^[^\s\p{Cc}]{1,4096}$/u, 'must be an http:// or https:// address')
      .optional(),
    artifact_url: z
      .url({ protocol: /^https$/, error: 'must be an https:// address' })
      .regex(/^[^\s\p{Cc}]{1,4096}$/u, 'must be an https:// address')
      .optional(),
    cache: z.enum(['use', 'read', 'ignore'], { error: 'must be use, read or ignore' }).optional(),
    reuse: z.union([z.enum(REUSE_MODES), LIKE_A_SWITCH], 'must be off, same or related').optional(),
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
    checkKeyHasHost(payload, context);
  });

const { project_repo_url, project_branch, project_root, project_ssh_key } = Payload.shape;

/** What a detection asks for: the fields of a job that say where the source is. */
export const DetectionRequest = z
  .strictObject({
    project_repo_url,
    project_branch: project_branch.optional(),
    project_root,
    project_ssh_key,
  })
  .superRefine(checkKeyHasHost);

export type DetectionRequest = z.output<typeof DetectionRequest>;

function checkKeyHasHost(
  source: { project_repo_url: string; project_ssh_key?: string | undefined },
  context: z.RefinementCtx,
): void {
  if (source.project_ssh_key === undefined || gitAddress(source.project_repo_url)) return;
  context.addIssue({
    code: 'custom',
    path: ['project_ssh_key'],
    message: 'is for the host in project_repo_url, which must be an ssh or https address then',
  });
}

export type Payload = z.output<typeof Payload>;

/**
 * Parses what a user sent.
 * @throws KoalaError `bad_input`, which names every invalid field with its rule
 */
export function parsePayload(input: unknown): Payload {
  return parseAs(Payload, 'the job', input);
}

/**
 * Parses what a user sent to have a repository looked at.
 * @throws KoalaError `bad_input`, as parsePayload() does
 */
export function parseDetectionRequest(input: unknown): DetectionRequest {
  return parseAs(DetectionRequest, 'the request', input);
}

function parseAs<T extends z.ZodObject>(schema: T, what: string, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const fields = Object.keys(schema.shape);
  const problems = result.error.issues.flatMap((issue) => describeIssue(issue, input, fields));
  throw new KoalaError(
    'bad_input',
    `${what} is not valid:\n${problems.map((one) => `  ${problemLine(one)}`).join('\n')}`,
    {
      fields: problems,
      remedy: 'Correct the fields named above; "koalaci help payload" lists every field.',
    },
  );
}
