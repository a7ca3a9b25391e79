// Colours for stderr: only on a terminal, and not with NO_COLOR, --no-color or CI.
import { Chalk } from 'chalk';

const { env, stderr, argv } = process;

/** Whether stderr is a terminal that can be redrawn. That needs a width, which terminals of some CI runners lack. */
export const isScreen = stderr.isTTY === true && stderr.columns > 0 && !env.CI && env.TERM !== 'dumb';

const colours = stderr.isTTY === true && !env.NO_COLOR && !env.CI && !argv.includes('--no-color');

export const paint = new Chalk({ level: colours ? 1 : 0 });
