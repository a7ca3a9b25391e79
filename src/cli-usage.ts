// The command line: the commands about koalaci's use.
import type { Command } from 'commander';
import { json, token } from './cli-options.js';

/** Adds the commands. */
export function addUsage(program: Command): void {
  addChecks(program);
  addHelp(program);
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
