// What may follow on a command line: for the shell's completion. Pure.
import type { Argument, Command, Option } from 'commander';
import { PACKAGE_MANAGER_CHOICES } from '../job/package-managers.js';
import { REUSE_MODES } from '../job/payload.js';
import { STATUSES, STEPS } from '../job/status.js';
import { SHELLS } from './completion-scripts.js';
import { TOPICS } from './topics.js';

/** Where candidates come from that are not known here: the user's deployments or projects, or the disk. */
export type Source = 'deployments' | 'projects' | 'files' | 'directories';

export interface Candidate {
  word: string;
  /** What it does, in a few words; may be empty. */
  says: string;
}

export interface Candidates {
  words: Candidate[];
  sources: Source[];
}

const NONE: Candidates = { words: [], sources: [] };

/** What the value of an argument or an option may be, by its name. */
const VALUES: Readonly<Record<string, Candidates>> = {
  id: from('deployments'),
  ids: from('deployments'),
  'deployment-id': from('deployments'),
  artifact: from('deployments', 'files'),
  project: from('projects'),
  'project-id': from('projects'),
  resume: from('projects'),
  job: from('files'),
  'path|url': from('directories'),
  root: from('directories'),
  output: from('files'),
  key: from('files'),
  'env-file': from('files'),
  'ssh-key-file': from('files'),
  shell: words(SHELLS),
  step: words(STEPS),
  status: words(STATUSES),
  reuse: words(REUSE_MODES),
  'package-manager': words(PACKAGE_MANAGER_CHOICES),
};

/** What the last one of the words may become. The words follow the program's name. */
export function candidates(program: Command, typed: readonly string[]): Candidates {
  // Bash takes the sign in --name=value for a word.
  const all = typed.filter((word) => word !== '=');
  const last = all.at(-1) ?? '';
  const { command, given, open } = follow(program, all.slice(0, -1));
  return beginning(last, open ? valuesOf(open.name(), open.argChoices) : next(command, given, last));
}

/** Where the words lead: the command, how many arguments it has, and the option that still wants its value. */
function follow(program: Command, before: readonly string[]) {
  let command = program;
  let given = 0;
  let open: Option | undefined;
  for (const word of before) {
    if (open) {
      open = undefined;
      continue;
    }
    const option = optionsOf(command).find(({ long, short }) => word === long || word === short);
    const inner = command.commands.find((one) => one.name() === word);
    if (option) open = option.required ? option : undefined;
    else if (inner) [command, given] = [inner, 0];
    else if (!word.startsWith('-')) given++;
  }
  return { command, given, open };
}

function next(command: Command, given: number, last: string): Candidates {
  if (last.startsWith('-')) {
    const options = optionsOf(command).filter(({ hidden }) => !hidden);
    return { words: options.map((one) => ({ word: one.long ?? '', says: one.description })), sources: [] };
  }
  if (command.commands.length > 0 && given === 0) return { words: commandsOf(command), sources: [] };
  if (command.name() === 'help' && command.parent) return aboutHelp(command.parent);
  const expected = command.registeredArguments;
  const argument: Argument | undefined = expected[given] ?? expected.findLast(({ variadic }) => variadic);
  return argument ? valuesOf(argument.name(), argument.argChoices) : NONE;
}

function commandsOf(command: Command): Candidate[] {
  const shown = command.createHelp().visibleCommands(command);
  return shown.map((one) => ({ word: one.name(), says: one.description() }));
}

function optionsOf(command: Command): readonly Option[] {
  const own = command.createHelp().visibleOptions(command);
  return command.parent ? [...own, ...command.parent.options] : own;
}

function aboutHelp(program: Command): Candidates {
  return { words: [...commandsOf(program), ...words(Object.keys(TOPICS)).words], sources: [] };
}

function valuesOf(name: string, choices: readonly string[] | undefined): Candidates {
  return choices ? words(choices) : (VALUES[name] ?? NONE);
}

function beginning(start: string, { words, sources }: Candidates): Candidates {
  return { words: words.filter(({ word }) => word.startsWith(start)), sources };
}

function words(all: readonly string[]): Candidates {
  return { words: all.map((word) => ({ word, says: '' })), sources: [] };
}

function from(...sources: Source[]): Candidates {
  return { words: [], sources };
}
