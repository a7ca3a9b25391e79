// The command line: the commands about snapshots.
import type { Command } from 'commander';
import { json, server, token } from './cli-options.js';

/** Adds them to the program. */
export function addCacheCommands(program: Command): void {
  const cache = program.command('cache').description('the snapshots that make the next build warm');
  cache
    .command('ls')
    .description('list your snapshots, the most recently used first')
    .addOption(json('print them as JSON'))
    .addOption(server())
    .addOption(token())
    .action(async (flags) => (await import('./commands/cache.js')).ls(flags));
  cache
    .command('prune')
    .description('remove your least recently used snapshots until the rest fits KOALACI_CACHE_LIMIT')
    .option('--age <time>', 'also remove snapshots that were not used for this long, such as 14d')
    .option('--size <bytes>', 'the limit instead of KOALACI_CACHE_LIMIT, such as 5g')
    .addOption(server())
    .addOption(token())
    .action(async (flags) => (await import('./commands/cache.js')).prune(flags));
  cache
    .command('rm')
    .argument('<project>')
    .argument('[branch]')
    .description('remove the snapshots of a project, or of one of its branches')
    .addOption(server())
    .addOption(token())
    .action(async (project, branch, flags) =>
      (await import('./commands/cache.js')).rm(project, branch, flags),
    );
}
