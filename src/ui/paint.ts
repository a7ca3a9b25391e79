// Colours, where they are wanted: NO_COLOR and --no-color turn them off, FORCE_COLOR on; else they are for terminals.

import { Chalk, type ChalkInstance } from 'chalk';

type Env = Record<string, string | undefined>;

/** A stream that may be a terminal. */
export interface MaybeTerminal {
  isTTY?: boolean;
  columns?: number;
}

/** Whether a variable of the environment is on: neither empty, nor 0, nor false. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}

/**
 * Whether what is written to a stream may have colours. What somebody turns off is off, whatever else is set. Pure.
 */
export function wantsColour(stream: MaybeTerminal, env: Env, args: readonly string[]): boolean {
  if (args.includes('--no-color') || env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return isOn(env.FORCE_COLOR) || env.FORCE_COLOR === '';
  return stream.isTTY === true && env.TERM !== 'dumb' && !isOn(env.CI);
}

/** Whether a stream can be redrawn: a terminal that moves its cursor, and says how wide it is. Pure. */
export function canRedraw(stream: MaybeTerminal, env: Env): boolean {
  return stream.isTTY === true && (stream.columns ?? 0) > 0 && env.TERM !== 'dumb' && !isOn(env.CI);
}

/** How many cells a line may have: on a stream that is no terminal, as many as it likes. Pure. */
export function columnsOf({ isTTY, columns }: MaybeTerminal): number {
  return (isTTY && columns) || Number.POSITIVE_INFINITY;
}

export type Paint = ChalkInstance;

/** Paint, or one that has no colours. Sixteen colours: every terminal has them, and its user has chosen them. */
export function paintWith(isColoured: boolean): Paint {
  return new Chalk({ level: isColoured ? 1 : 0 });
}

const { env, stdout, stderr, argv } = process;

/** Where CI systems say that it is them. */
export const conventions: Env = env;
/** Whether standard output has colours: those of a build are stripped where koalaci's are off. */
export const isOutputColoured = wantsColour(stdout, env, argv);
/** Whether standard output can be redrawn. */
export const isOutputDrawn = canRedraw(stdout, env);
/** Whether a screen can be drawn: both are the same terminal, as far as can be known. */
export const isScreen = canRedraw(stderr, env) && stdout.isTTY === true;
/** Paint for standard error. */
export const paint = paintWith(wantsColour(stderr, env, argv));
/** Paint for standard output. */
export const outputPaint = paintWith(isOutputColoured);
