// The command line: the commands about where artifacts are served from.
import type { Command } from 'commander';
import { json, server, token } from './cli-options.js';

/** Adds them to the program. */
export function addReleaseCommands(program: Command): void {
  program
    .command('releases')
    .argument('<project>')
    .description('show what a project has served, and what it can go back to')
    .addOption(json('print it as JSON'))
    .addOption(server())
    .addOption(token())
    .action(async (project, flags) => (await import('./commands/releases.js')).releases(project, flags));

  program
    .command('release')
    .argument('[id]', 'deployment id')
    .description(
      'serve a deployment as the site, without a build: go back to an earlier one, or promote a preview',
    )
    .option('--target <name>', 'only from this target (default: from all)')
    .option('--resume <project>', 'let builds of a project be served again after that')
    .addOption(server())
    .addOption(token())
    .action(async (id, flags) => (await import('./commands/release.js')).release(id, flags));

  program
    .command('upload')
    .argument('<id>', 'deployment id')
    .description('send the artifact of a deployment to the targets again, after its upload failed')
    .addOption(server())
    .addOption(token())
    .action(async (id, flags) => (await import('./commands/upload.js')).upload(id, flags));
}
