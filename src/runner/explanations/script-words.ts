// Words for an install script that failed: whose it is, and the last thing that it said. Pure.
import type { Explanation } from './explanation.js';
import { lastErrors } from './extract.js';
import { readGyp } from './gyp.js';
import { readRow } from './row.js';
import { PATCHES } from './rows/patches.js';
import { missingProgram } from './shell.js';
import { shorten, tellingLine } from './words.js';
import { unwrap } from './wrappers.js';

export interface FailedScript {
  /** The package; undefined if the script is the project's own. */
  owner?: string | undefined;
  /** Its name, such as postinstall. */
  script?: string | undefined;
  command?: string | undefined;
  code?: number | undefined;
  /** What it printed. */
  output: readonly string[];
}

/** Explains a failed install script by the script's own words. */
export function scriptFailed(failed: FailedScript): Explanation {
  const { owner, command, code } = failed;
  // It may have run others, as "npm run …" does.
  const output = unwrap(failed.output).lines;
  const script = `${failed.script ?? 'install'} script`;
  const what = owner ? `the ${script} of ${owner}` : `the project's own ${script}`;
  const native = readGyp(output, owner);
  if (native) return { extract: lastErrors(output), ...native };
  const text = output.join('\n');
  const known = PATCHES.map((row) => readRow(row, text, { step: 'install', output: text })).find(Boolean);
  if (known) return known;
  const program = code === undefined || code === 127 ? missingProgram(output) : undefined;
  if (program)
    return {
      id: 'script-failed',
      fault: 'project',
      extract: lastErrors(output),
      message: `${what} failed: ${program} is not installed`,
      remedy: owner
        ? `${owner} wants ${program} on the build machine: add a package that has it, or do without ${owner}.`
        : `Add the package that has ${program} to the dependencies, or let the script do without: "${program} || true" in package.json.`,
    };
  const words = tellingLine(output) ?? (command && shorten(command));
  return {
    id: 'script-failed',
    fault: 'project',
    extract: lastErrors(output),
    message: `${what} failed${words ? `: ${words}` : ''}`,
    remedy: owner
      ? 'Do what its own words say, or take another version of it: the registry is not at fault.'
      : 'Correct what it says.',
  };
}

/** The owner of a directory in which a script ran: the package, or undefined for the project itself. */
export function ownerOf(directory: string): string | undefined {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/?$/.exec(directory)?.[1];
}

/** A script that package.json does not have; several package managers also look for a program of that name. */
export function noScript(name: string): Explanation {
  return {
    id: 'no-script',
    fault: 'job',
    message: `package.json has no such script: ${shorten(name)}`,
    remedy:
      'Check project_build_command against the scripts in package.json; a program must be among the dependencies.',
  };
}
