// The command line: the commands about koalaci's use, and what is shown under the --help of all commands.
import type { Command } from 'commander';
import { json, token } from './cli-options.js';
import { EXAMPLES } from './usage/examples.js';
import { showPages } from './usage/pager.js';

/** Under the --help of commands that need more than their flags to be understood. */
const MORE: Readonly<Record<string, string>> = {
  run: `
Required: project_id, deployment_id, project_branch, project_repo_url, project_build_command,
project_package_manager and project_dist_directory, in the file or as flags; of a directory, none of them.

The exit code is 0 if the deployment is READY: see "koalaci help exit-codes".
See also: koalaci help payload|environment|reasons`,
};

/** Adds the commands, and completes the --help of all that are there by then. */
export function addUsage(program: Command): void {
  program.configureOutput({ writeOut: showPages }).helpCommand(false);
  addChecks(program);
  addHelp(program);
  addExamples(program, []);
}

function addChecks(program: Command): void {
  program
    .command('doctor')
    .description('check this machine, say how to fix what is wrong, and show the settings')
    .option('--deep', 'also read all artifacts, and compare them with their records: this takes long')
    .option('--concurrency <n>', 'builds at once of the daemon on this machine (default: one per processor)')
    .addOption(json('print the findings as JSON'))
    .addOption(token())
    .action(async (flags) => (await import('./commands/doctor.js')).doctor(flags));
  program
    .command('upgrade-check')
    .description('check after an upgrade: the code, the builder image, the data in Redis; a part of doctor')
    .addOption(json('print the findings as JSON'))
    .action(async (flags) => (await import('./commands/doctor.js')).upgradeCheck(flags));
  program
    .command('config')
    .description('show the settings in effect, and where each comes from')
    .addOption(json('print them as JSON'))
    .action(async (flags) => (await import('./commands/config.js')).config(flags));
}

function addHelp(program: Command): void {
  program
    .command('schema')
    .argument('[name]', 'of what; without one, they are listed')
    .description('print the JSON Schema of what commands read and print as JSON')
    .action(async (name) => (await import('./commands/schema.js')).schema(name));
  program
    .command('completion')
    .argument('<shell>', 'bash, zsh or fish')
    .description('print what the shell has to read to complete commands, flags, ids and projects')
    .action(async (shell) => (await import('./commands/completion.js')).completion(shell));
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words) => (await import('./commands/complete.js')).complete(program, words));
  program
    .command('help')
    .argument('[topic...]', 'a command, or exit-codes, environment, payload, reasons')
    .description('explain a command, or exit-codes, environment, payload or reasons')
    .action(async (words) => (await import('./commands/help.js')).help(program, words));
}

function addExamples(command: Command, path: readonly string[]): void {
  const name = path.join(' ');
  const lines = EXAMPLES[name];
  if (lines) command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  if (MORE[name]) command.addHelpText('after', MORE[name]);
  command.configureOutput({ writeOut: showPages });
  for (const inner of command.commands) addExamples(inner, [...path, inner.name()]);
}
