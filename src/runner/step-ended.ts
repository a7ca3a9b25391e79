// Reads the end of a step, as the entrypoint reports it: what the record gets, and why the build must fail. Pure.
import type { Cause } from '../job/ending.js';
import type { Progress } from '../job/record.js';
import type { StepEnded } from '../sandbox/control.js';
import { explain } from './explain.js';

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

/**
 * The cause in a failure. explain() may replace its words, never its reason.
 * @param output the last of the step's; `omits`: the variable of the job that has devDependencies left out
 */
export function causeIn(
  { step, reason, exit_code, message, remedy, facts }: StepEnded,
  { output, omits }: { output: string; omits: string | undefined },
): Cause {
  const left = { step, output, exitCode: exit_code, files: facts.files?.split('//') };
  const known = message ? undefined : explain({ ...left, omits });
  const code = exit_code === undefined ? {} : { exitCode: exit_code };
  return {
    reason: reason ?? 'internal',
    step,
    ...code,
    message:
      message ?? known?.message ?? `${step === 'build' ? 'the build command' : `the ${step} step`} failed`,
    remedy: remedy ?? known?.remedy ?? 'The lines above say why.',
  };
}
