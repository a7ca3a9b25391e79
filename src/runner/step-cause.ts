// The cause in a failure that the entrypoint reports. Pure.
import type { Cause } from '../job/ending.js';
import type { StepEnded } from '../sandbox/control.js';
import { explain } from './explain.js';

/** What ended a step: what the entrypoint says; explain() may replace its words, never its reason. */
export function causeOfStep(
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
