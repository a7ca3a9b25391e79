// The command line: the commands about what was shipped.
import type { Command } from 'commander';
import { json, server, token } from './cli-options.js';

/** Adds them to the program. */
export function addArtifactCommands(program: Command): void {
  const artifacts = program.command('artifacts').description('what builds have shipped');
  addStored(artifacts);
  addUpkeep(artifacts);
  addProof(program);
}

function addStored(artifacts: Command): void {
  artifacts
    .command('ls')
    .argument('[project]')
    .description('list your artifacts, or those of a project, the newest first')
    .addOption(json('print them as JSON'))
    .addOption(server())
    .addOption(token())
    .action(async (project, flags) => (await import('./commands/artifacts.js')).ls(project, flags));
  artifacts
    .command('get')
    .argument('<id>', 'deployment id')
    .description('copy the archive of a deployment out of the data directory, or a file of it')
    .option('--file <path>', 'a file of the artifact instead of the archive')
    .option('-o, --output <file>', 'where to; "-" for standard output (default: <id>.tar.gz)')
    .addOption(server())
    .addOption(token())
    .action(async (id, flags) => (await import('./commands/artifact-get.js')).get(id, flags));
  artifacts
    .command('rm')
    .argument('<id>', 'deployment id')
    .description('remove the artifact of a deployment')
    .addOption(server())
    .addOption(token())
    .action(async (id, flags) => (await import('./commands/artifacts.js')).rm(id, flags));
  artifacts
    .command('verify')
    .argument('<id>', 'deployment id')
    .description('compare the archive of a deployment with its manifest and its record')
    .addOption(json('print what differs as JSON'))
    .addOption(server())
    .addOption(token())
    .action(async (id, flags) => (await import('./commands/artifact-verify.js')).verify(id, flags));
}

/** About all of them. */
function addUpkeep(artifacts: Command): void {
  artifacts
    .command('restore')
    .description('make records anew from the manifests on this machine, after Redis has lost them')
    .addOption(token())
    .action(async (flags) => (await import('./commands/artifacts.js')).restore(flags));
  artifacts
    .command('prune')
    .description('remove the artifacts on this machine that the settings KOALACI_ARTIFACTS_… no longer keep')
    .option('--dry-run', 'only show what would be removed')
    .addOption(token())
    .action(async (flags) => (await import('./commands/artifacts.js')).prune(flags));
}

function addProof(program: Command): void {
  program
    .command('verify')
    .argument('<artifact>', 'the path of an archive, or a deployment id')
    .description(
      'check the signature of an artifact, and that it is what was signed; needs neither Redis nor the engine',
    )
    .option('--key <file>', 'trust the public keys in this PEM file instead of those of this installation')
    .addOption(token())
    .action(async (artifact, flags) => (await import('./commands/verify.js')).verify(artifact, flags));

  program
    .command('reproduce')
    .argument('<artifact>', 'a deployment id, or the path of an archive or of its provenance')
    .description('build an artifact once more, from nothing, as its provenance says, and compare the two')
    .option('--env-file <file>', 'the variables that the build had: a line NAME=value each')
    .option('--ssh-key-file <file>', 'a private key for the host of the repository')
    .option('--repo-url <url>', 'the address of the repository with its password, or where it is now')
    .addOption(token())
    .action(async (artifact, flags) => (await import('./commands/reproduce.js')).reproduce(artifact, flags));
}
