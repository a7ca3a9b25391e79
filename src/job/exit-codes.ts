// What the exit codes of the command line mean. Which error or ending has which is in errors.ts and ending.ts.

/** By exit code, as a sentence without a full stop. 124 is as for timeout(1), 130 as in a shell after Ctrl-C. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'ready, skipped or done',
  1: 'the build failed, or an artifact is not what was shipped, signed or built before',
  2: 'bad input',
  3: 'not authorised',
  4: 'not found',
  5: 'docker, Redis or another part of the machine is missing, or the output cannot be written',
  6: 'conflict, or a limit of the user',
  124: 'timed out',
  130: 'canceled',
};
