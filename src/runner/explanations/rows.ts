// The table of failures, in the order in which they are looked for: the particular before the general. Pure.
import type { Row } from './row.js';
import { CHECKS } from './rows/checks.js';
import { CONFIGURATION } from './rows/configuration.js';
import { FRAMEWORKS } from './rows/frameworks.js';
import { IMPORTS } from './rows/imports.js';
import { MACHINE } from './rows/machine.js';
import { NETWORK } from './rows/network.js';
import { NODE_VERSION } from './rows/node-version.js';
import { NPM_ROWS } from './rows/npm.js';
import { PATCHES } from './rows/patches.js';
import { PNPM_ROWS } from './rows/pnpm.js';
import { COREPACK, FINISHED, PROGRAMS, PROMPTS, WATCHERS } from './rows/programs.js';
import { REFUSED } from './rows/refused.js';
import { SOURCES } from './rows/sources.js';
import { VARIABLES } from './rows/variables.js';
import { BUN_ROWS, YARN_ROWS } from './rows/yarn-bun.js';

/** Of the package managers themselves. */
export const MANAGER_ROWS: readonly Row[] = [...NPM_ROWS, ...PNPM_ROWS, ...YARN_ROWS, ...BUN_ROWS];

/** Of the programs of a build. */
export const PROGRAM_ROWS: readonly Row[] = [
  ...COREPACK,
  ...REFUSED,
  ...PATCHES,
  ...NODE_VERSION,
  ...IMPORTS,
  ...CONFIGURATION,
  ...FRAMEWORKS,
  ...CHECKS,
  ...NETWORK,
  ...VARIABLES,
  ...SOURCES,
  ...PROGRAMS,
  ...PROMPTS,
  ...MACHINE,
];

/** Of what runs while a package manager installs, which tells of its own failures and of the scripts'. */
export const INSTALL_ROWS: readonly Row[] = [...COREPACK, ...NODE_VERSION, ...MACHINE];

/** Of programs that do not end. */
export const ENDLESS_ROWS: readonly Row[] = [...COREPACK, ...PROMPTS, ...WATCHERS, ...FINISHED];

export const ROWS: readonly Row[] = [...MANAGER_ROWS, ...PROGRAM_ROWS, ...WATCHERS];
