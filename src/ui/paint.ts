// Colours on stderr: on a terminal only, and never against NO_COLOR, --no-color or CI.
import { Chalk } from 'chalk';

const { env, stderr, argv } = process;

/** Whether stderr is a screen that can be redrawn; a terminal without a width (some CI runners have one) is none. */
export const isScreen = stderr.isTTY === true && stderr.columns > 0 && !env.CI && env.TERM !== 'dumb';

const colours = stderr.isTTY === true && !env.NO_COLOR && !env.CI && !argv.includes('--no-color');

export const paint = new Chalk({ level: colours ? 1 : 0 });
