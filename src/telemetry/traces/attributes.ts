// What spans say of a job and its steps, by OpenTelemetry's semantic conventions for CI/CD (opentelemetry.io/docs/specs/semconv/cicd);
// what these have no name for begins with "koalaci". Pure.
import type { Attributes } from '@opentelemetry/api';
import { type Cause, ENDINGS, type Reason } from '../../job/ending.js';
import type { JobRecord, RecordFields } from '../../job/record.js';
import type { Step } from '../../job/status.js';

/** Of a job that begins. Nothing of its payload but what a record has. */
export function jobAttributes(
  record: Readonly<JobRecord>,
  { warm, reuse }: { warm: boolean; reuse?: string | undefined },
): Attributes {
  const { user, deployment, project, attempt, branch, repo, runner }: RecordFields = record;
  return {
    'cicd.pipeline.action.name': 'BUILD',
    'cicd.pipeline.name': project,
    'cicd.pipeline.run.id': deployment,
    ...(runner ? { 'cicd.worker.id': runner } : {}),
    'vcs.repository.url.full': repo,
    'vcs.ref.head.name': branch,
    'user.id': user,
    'koalaci.attempt': attempt,
    'koalaci.warm': warm,
    ...(reuse ? { 'koalaci.reuse': reuse } : {}),
  };
}

/** What its build has found out. */
export function foundAttributes(record: Readonly<JobRecord>): Attributes {
  const { commit, node, manager, artifact }: RecordFields = record;
  return {
    ...(commit ? { 'vcs.ref.head.revision': commit } : {}),
    ...(node ? { 'koalaci.node': node } : {}),
    ...(manager ? { 'koalaci.manager': manager } : {}),
    ...(artifact
      ? { 'koalaci.artifact.files': artifact.files, 'koalaci.artifact.bytes': artifact.bytes }
      : {}),
  };
}

const TASK_TYPES: Partial<Record<Step, string>> = { build: 'build', upload: 'deploy' };

/** Of a step that begins. */
export function stepAttributes(step: Step, id: string): Attributes {
  const type = TASK_TYPES[step];
  return {
    'cicd.pipeline.task.name': step,
    'cicd.pipeline.task.run.id': id,
    ...(type ? { 'cicd.pipeline.task.type': type } : {}),
  };
}

/** How the conventions call an ending: by its reason, or else by what kind of reason that is. */
const OUTCOMES: Partial<Record<Reason, string>> = {
  timed_out: 'timeout',
  silent: 'timeout',
  skipped: 'skip',
  canceled: 'cancellation',
};
const OUTCOMES_OF_KINDS = {
  failure: 'failure',
  limit: 'failure',
  machine: 'error',
  user: 'cancellation',
} as const;

export interface Outcome {
  outcome: string;
  isError: boolean;
  attributes: Attributes;
}

/** What a job or a step came to; without a cause it is a success. */
export function causeAttributes(cause: Cause | undefined): Outcome {
  if (!cause) return { outcome: 'success', isError: false, attributes: {} };
  const { kind } = ENDINGS[cause.reason];
  const isError = kind !== 'user';
  return {
    outcome: OUTCOMES[cause.reason] ?? OUTCOMES_OF_KINDS[kind],
    isError,
    attributes: {
      ...(isError ? { 'error.type': cause.reason } : {}),
      ...(cause.fault ? { 'koalaci.fault': cause.fault } : {}),
      ...(cause.exitCode === undefined ? {} : { 'process.exit.code': cause.exitCode }),
    },
  };
}
