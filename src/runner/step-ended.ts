// Reads the end of a step, as the entrypoint reports it: what the record gets, and why the build must fail. Pure.
import { type Cause, ENDINGS, type Ending } from '../job/ending.js';
import type { Progress } from '../job/record.js';
import type { StepEnded } from '../sandbox/control.js';
import { explain, explainEndless } from './explain.js';
import type { Failure } from './explanations/explanation.js';

/** What the record gets of what the step has found out. */
export function foundIn({ facts }: Pick<StepEnded, 'facts'>): Progress {
  const { commit, node, manager, manager_version, refused_scripts } = facts;
  return {
    ...(commit ? { commit } : {}),
    ...(node ? { node } : {}),
    ...(manager ? { manager: [manager, manager_version].filter(Boolean).join(' ') } : {}),
    ...(refused_scripts ? { refusedScripts: refused_scripts.split(' ') } : {}),
  };
}

/** Of a failure that nobody knows. */
const UNKNOWN =
  'koalaci does not know this failure. Its last words say most; the whole log of the step has the rest.';

/**
 * The cause in a failure. explain() may replace its words, never its reason.
 * @param left what is known of the step beside the event
 */
export function causeIn(
  { step, reason, exit_code, message, remedy, facts }: StepEnded,
  left: Pick<Failure, 'output' | 'omits' | 'manager' | 'refused'>,
): Cause {
  const failure = { ...left, step, exitCode: exit_code, files: facts.files?.split('//') };
  const explained = explain(failure);
  const known = message || !('message' in explained) ? undefined : explained;
  const fault = facts.fault ?? known?.fault;
  const code = exit_code === undefined ? {} : { exitCode: exit_code };
  return {
    reason: reason ?? 'internal',
    step,
    ...code,
    message:
      message ?? known?.message ?? `${step === 'build' ? 'the build command' : `the ${step} step`} failed`,
    remedy: remedy ?? known?.remedy ?? UNKNOWN,
    ...(fault ? { fault } : {}),
    extract: [...(explained.extract ?? [])],
  };
}

/** Adds to an ending that a limit has brought what the step said last: it has often been one that does not end. */
export function withLastWords(ending: Ending, output: string): Ending {
  if (ending.status === 'READY' || ending.extract || ENDINGS[ending.reason].kind !== 'limit') return ending;
  return { ...ending, ...stoppedIn(ending, output) };
}

function stoppedIn(
  { reason, step, remedy }: Cause,
  output: string,
): Partial<Pick<Cause, 'remedy' | 'fault' | 'extract'>> {
  if (!step || output.trim() === '') return {};
  const explained =
    reason === 'silent' || reason === 'timed_out'
      ? explainEndless({ step, output })
      : explain({ step: 'artifact', output });
  const extract = [...(explained.extract ?? [])];
  if (!('message' in explained)) return { extract };
  const { message, fault } = explained;
  return {
    extract,
    fault,
    remedy: `It looks as if ${message}. ${explained.remedy}${remedy ? ` Else: ${remedy}` : ''}`,
  };
}
