// The command line: the commands that are asked for all day, and by scripts. bin/koalaci.js starts them from a file of their own.
import type { Command } from 'commander';
import { json, server, token } from './cli-options.js';

/** Adds them to the program. */
export function addQuickCommands(program: Command): void {
  addLogs(program);
  addStatus(program);
  addList(program);
}

function addLogs(program: Command): void {
  program
    .command('logs')
    .argument('<id>', 'deployment id')
    .description('print the log of a deployment')
    .option('-f, --follow', 'keep printing until the deployment has ended')
    .option('--exit-status', "end with the deployment's exit code, if it has ended")
    .option('--timestamps', 'begin each line with its time')
    .option('--step <name>', 'print only the lines of one step')
    .option('--failed', 'print only the end of the step that failed')
    .option('--tail <n>', 'print only the last lines')
    .option('--since <time>', 'print only the lines since then, such as 10m or 2026-01-31T12:00:00Z')
    .option('--grep <text>', 'print only the lines with this text, letter by letter')
    .option('--raw', 'print the bytes that the build printed, also those that command a terminal')
    .addOption(json('print lines as NDJSON'))
    .addOption(server())
    .addOption(token())
    .action(async (id, flags) => (await import('./commands/logs.js')).logs(id, flags));
}

function addStatus(program: Command): void {
  program
    .command('status')
    .argument('<id>', 'deployment id')
    .description('show a deployment')
    .addOption(json('print the record as JSON'))
    .addOption(server())
    .addOption(token())
    .action(async (id, flags) => (await import('./commands/status.js')).status(id, flags));
}

function addList(program: Command): void {
  program
    .command('list')
    .description('list your deployments, newest first')
    .option('--project <id>', 'only of this project')
    .option('--branch <name>', 'only of this branch or tag')
    .option('--status <status>', 'only with this status, or with one of several: READY,ERROR')
    .option('--limit <n>', 'list at most this many', '20')
    .option('--cursor <text>', 'older ones: the cursor that the list before has ended with')
    .addOption(json('print the records as JSON'))
    .addOption(server())
    .addOption(token())
    .action(async (flags) => (await import('./commands/list.js')).list(flags));
}
