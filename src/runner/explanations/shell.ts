// What shells say when they cannot start a program: it is not there, may not be executed, or has line ends of Windows. Pure.
import type { Explanation, Failure } from './explanation.js';
import { addToBuild } from './manager-words.js';
import { packagesWith } from './programs.js';
import { trimEnd } from './words.js';
import type { Unwrapped } from './wrappers.js';

/** bash and dash, by name or by the name of their script, with the number of the line; bun's and berry's own shells. */
const SHELL = String.raw`(?:\S+: (?:line )?\d+: |bun: |\S*/?(?:ba|da|z)?sh: )`;
const NOT_FOUND = [
  new RegExp(`^${SHELL}(\\S+): (?:command )?not found$`),
  new RegExp(`^${SHELL}(\\S*/\\S+): No such file or directory$`),
  /^(?:bun: )?command not found: (\S+)$/,
  /^(?:\/usr\/bin\/)?env: ['‘]?([^'’\s]+)['’]?: No such file or directory$/,
];
/** Newer versions of bash: the script is there, the program that its first line names is not. */
const NO_INTERPRETER = [new RegExp(`^${SHELL}(\\S+): cannot execute: required file not found$`)];
const DENIED = [new RegExp(`^${SHELL}(\\S+): Permission denied$`), /^(?:bun: )?permission denied: (\S+)$/];
/** A shell shows the carriage return at the end of a line as ^M, or as \r. */
const WINDOWS = [
  new RegExp(String.raw`^${SHELL}(\S+): \S+\^M: bad interpreter: No such file or directory$`),
  /^(?:\/usr\/bin\/)?env: (['‘])?\S+\\r['’]?: No such file or directory$/,
  /^(\S+): line \d+: \$'[^']*\\r': command not found$/,
];
/** A script with such line ends may fail of anything, in words of its shell. */
const OF_SCRIPT = /^\S+: (?:line )?\d+: /;
/** What no package of a project brings. */
const OF_ROOT = /^(?:sudo|su|apt|apt-get|apk|yum|dnf|docker|docker-compose|podman|systemctl|service)$/;
/** With exit code 127, only those words can follow that a script's caller has printed. */
const LATEST = 12;

/** Explains exit codes 126 and 127, and scripts with line ends of Windows. */
export function readShell({ lines, code, codeless }: Unwrapped, failure: Failure): Explanation | undefined {
  const codes = [failure.exitCode, code];
  const last = lines.at(-1) ?? '';
  const latest = lines.slice(-LATEST);
  const isKnown = codes.includes(126) || codes.includes(127);
  const windows = match(
    WINDOWS,
    isKnown ? latest : latest.slice(latest.findLastIndex((line) => !OF_SCRIPT.test(line)) + 1),
  );
  if (windows) return windowsEnds(windows.slice(1).find((part) => part && !/^['‘]$/.test(part)));
  const denied = match(
    DENIED,
    codes.includes(126) ? latest : codes.includes(128) || codeless ? [last] : [],
  )?.[1];
  if (denied) return notExecutable(denied, failure);
  const started = match(NO_INTERPRETER, isKnown ? latest : [])?.[1];
  if (started) return noInterpreter(started);
  const missing = match(NOT_FOUND, codes.includes(127) ? latest : codeless ? [last] : [])?.[1];
  return missing === undefined ? undefined : notThere(missing, failure);
}

/** The program that a shell's last line says is not there. */
export function missingProgram(output: readonly string[]): string | undefined {
  return match(NOT_FOUND, trimEnd(output).slice(-1))?.[1];
}

function match(patterns: readonly RegExp[], lines: readonly string[]): RegExpExecArray | undefined {
  for (const line of lines.toReversed())
    for (const pattern of patterns) {
      const found = pattern.exec(line);
      if (found) return found;
    }
  return undefined;
}

function notThere(program: string, failure: Failure): Explanation {
  const { files } = failure;
  if (OF_ROOT.test(program))
    return {
      id: 'program-missing',
      fault: 'project',
      message: `${program} is not installed: a build is not root, and has no Docker`,
      remedy:
        'Do without it; what it would install must be a dependency of the project, or be put into the builder image by the operator.',
    };
  if (!program.includes('/'))
    return {
      id: 'program-missing',
      fault: 'project',
      message: `${program} is not installed`,
      remedy: bring(program, failure),
    };
  const path = plain(program);
  if (files?.some((file) => file === path || file.endsWith(`/${path}`))) return noInterpreter(program);
  const other = files?.find((file) => file.toLowerCase() === path.toLowerCase());
  return {
    id: 'program-missing',
    fault: 'project',
    message: `there is no ${program}${other ? `, but a ${other}` : ''}`,
    remedy: other
      ? 'Write its name as the file has it: letters in upper and lower case differ here.'
      : 'Correct its path, or commit it.',
  };
}

function bring(program: string, failure: Failure): string {
  const { omits } = failure;
  if (omits)
    return `${omits} in env has devDependencies left out: unset it, or move the package that has ${program} to the dependencies.`;
  const packages = packagesWith(program);
  return packages
    ? `${addToBuild(packages, failure)}; where that is done, correct project_root, or have project_package_manager install.`
    : `Add the package that has ${program} to the devDependencies, or correct project_build_command; what is no npm package must be in the builder image.`;
}

function notExecutable(program: string, { files }: Failure): Explanation {
  const path = plain(program);
  const place = files?.find((file) => file.endsWith(`/${path}`)) ?? path;
  return {
    id: 'not-executable',
    fault: 'project',
    message: `${program} is not executable`,
    // Without the first, the next commit of all changes takes it back.
    remedy: `Run "chmod +x ${place}" and, on Windows, "git update-index --chmod=+x ${place}", and commit; or call it with its interpreter.`,
  };
}

function noInterpreter(script: string): Explanation {
  return {
    id: 'no-interpreter',
    fault: 'project',
    message: `${script} cannot be started: there is no program as its first line names it`,
    remedy:
      'Correct that line; if the file has line ends of Windows, put "* text=auto eol=lf" into .gitattributes, run "git add --renormalize ." and commit.',
  };
}

function windowsEnds(script: string | undefined): Explanation {
  return {
    id: 'windows-ends',
    fault: 'project',
    message: `${script ?? 'a script'} has line ends of Windows, so its interpreter is not found`,
    remedy: 'Put "* text=auto eol=lf" into .gitattributes, run "git add --renormalize ." and commit.',
  };
}

const plain = (path: string) => path.replace(/^(?:\.\/)+/, '');
