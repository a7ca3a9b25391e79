// The command line: the commands about services.
import type { Command } from 'commander';
import { json, server, token } from './cli-options.js';

/** Adds them to the program. */
export function addServiceCommands(program: Command): void {
  program
    .command('wait')
    .argument('<id...>', 'deployment ids')
    .description('wait until deployments have ended; exits as the first one that is not READY')
    .addOption(json('print the records as JSON'))
    .addOption(server())
    .addOption(token())
    .action(async (ids, flags) => (await import('./commands/wait.js')).wait(ids, flags));
  program
    .command('rerun')
    .argument('<id>', 'deployment id')
    .description('build the job of a deployment again, of the same commit, under the id <id>-2')
    .option('--as <id>', 'the new id instead')
    .option('--latest', "the branch's newest commit instead")
    .option('--commit <sha>', 'this commit instead: a full SHA')
    .option('--no-cache', 'build cold, and replace the snapshot')
    .option('--output <directory>', 'write the artifact here instead of into the data directory')
    .option('--detach', 'queue it, and leave it')
    .option('--wait', 'queue it, and wait for its end without showing its log')
    .addOption(json('print events as NDJSON'))
    .addOption(server())
    .addOption(token())
    .action(async (id, flags) => (await import('./commands/rerun.js')).rerun(id, flags));
  program
    .command('login')
    .argument('[server]', 'the address of a service, such as https://builds.example.com')
    .description('store a token for a service, which commands ask from then on in place of this machine')
    .addOption(server())
    .addOption(token())
    .action(async (address, flags) => (await import('./commands/login.js')).login(address, flags));
  program
    .command('logout')
    .argument('[server]', 'the address of a service (default: the one that commands ask)')
    .description('forget the token for a service')
    .addOption(server())
    .action(async (address, flags) => (await import('./commands/login.js')).logout(address, flags));
}
