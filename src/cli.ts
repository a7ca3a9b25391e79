// The command line: names every command and its flags; each command is loaded when it is called.
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { exitCodeOf, KoalaError } from './job/errors.js';
import { PACKAGE_MANAGER_WORDS } from './job/package-managers.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const token = () =>
  new Option('--token <jwt>', 'who you are (else KOALACI_TOKEN, else what "koalaci init" stored)');
const json = (what: string) => new Option('--json', what);

const program = new Command('koalaci')
  .description('Builds web projects from git in throw-away containers.')
  .version(version)
  .showHelpAfterError('Try: koalaci --help')
  .option('--no-color', 'no colours')
  .configureHelp({ sortSubcommands: false })
  .exitOverride();

program
  .command('run')
  .argument('[job]', 'a JSON file with the job, or "-" for standard input')
  .description('build a job now, here, showing each step')
  .option('--project-id <id>', 'project_id: the scope of the caches')
  .option('--deployment-id <id>', 'deployment_id: the id of the job')
  .option('--branch <name>', 'project_branch: branch or tag to build')
  .option('--commit <sha>', 'project_commit: a full SHA')
  .option('--repo-url <url>', 'project_repo_url: https, ssh, git, user@host:path, file:// or a local path')
  .option('--root <directory>', 'project_root: sub-directory of a monorepo')
  .option('--build-command <command>', 'project_build_command: run by bash in the container; "" for none')
  .option('--package-manager <name>', `project_package_manager: ${PACKAGE_MANAGER_WORDS}`)
  .option('--dist-directory <path>', 'project_dist_directory: what to ship')
  .option('--node-version <range>', 'node_version: instead of what the project asks for')
  .option('--env <name=value...>', 'env: variables of the build; a name alone takes its value from here')
  .option('--no-cache', 'cache: build cold, and replace the snapshot')
  .option('--timeout <time>', 'timeout_seconds: such as 90s or 20m')
  .option('--output <directory>', 'where the artifact goes, instead of the data directory')
  .option('--detach', 'queue it for a worker instead of building it here')
  .option('--supersede', 'supersede: end older jobs of the same project and branch')
  .addOption(json('print events as NDJSON'))
  .addOption(token())
  .action(async (job, flags) => (await import('./commands/run.js')).run(job, flags));

program
  .command('logs')
  .argument('<id>', 'deployment id')
  .description('print the log of a deployment')
  .option('-f, --follow', 'go on until the deployment has ended')
  .option('--timestamps', 'begin each line with its time')
  .option('--step <name>', 'only the lines of one step')
  .addOption(json('print lines as NDJSON'))
  .addOption(token())
  .action(async (id, flags) => (await import('./commands/logs.js')).logs(id, flags));

program
  .command('cancel')
  .argument('<id>', 'deployment id')
  .description('stop a deployment, wherever it runs, and wait until it has stopped')
  .addOption(token())
  .action(async (id, flags) => (await import('./commands/cancel.js')).cancel(id, flags));

program
  .command('status')
  .argument('<id>', 'deployment id')
  .description('what is known of a deployment')
  .addOption(json('print the record as JSON'))
  .addOption(token())
  .action(async (id, flags) => (await import('./commands/status.js')).status(id, flags));

program
  .command('list')
  .description('your deployments, newest first')
  .option('--limit <n>', 'at most so many', '20')
  .addOption(json('print the records as JSON'))
  .addOption(token())
  .action(async (flags) => (await import('./commands/list.js')).list(flags));

program
  .command('serve')
  .description('take jobs by HTTP, and build what is in the queue, until it is stopped')
  .option('--host <address>', 'where it listens', '127.0.0.1')
  .option('--port <n>', 'where it listens', '8081')
  .option('--concurrency <n>', 'builds at once (default: one for each processor; 0: only takes jobs)')
  .option('--drain <time>', 'how long running builds may go on when it is stopped', '10m')
  .action(async (flags) => end((await import('./commands/serve.js')).serve(flags)));

program
  .command('worker')
  .description('build what is in the queue, until it is stopped')
  .option('--concurrency <n>', 'builds at once (default: one for each processor)')
  .option('--drain <time>', 'how long running builds may go on when it is stopped', '10m')
  .action(async (flags) => end((await import('./commands/worker.js')).worker(flags)));

program
  .command('init')
  .description('store a random secret, and a token for you, in the data directory')
  .option('--user <id>', 'the user_id of the token (default: your name on this machine)')
  .option('--if-missing', 'do nothing when there is one')
  .option('--force', 'replace the one that is there: tokens signed with it end')
  .action(async (flags) => (await import('./commands/init.js')).init(flags));

program
  .command('token')
  .description('print a token, signed with JWT_SECRET or the stored secret')
  .option('--user <id>', 'its user_id (default: your name on this machine)')
  .option('--expires <time>', 'how long it is valid, such as 12h or 30d')
  .action(async (flags) => (await import('./commands/token.js')).token(flags));

program
  .command('doctor')
  .description('check all that can be wrong on this machine, each with its remedy, and show the settings')
  .addOption(json('print the findings as JSON'))
  .addOption(token())
  .action(async (flags) => (await import('./commands/doctor.js')).doctor(flags));

const cache = program.command('cache').description('the snapshots that make the next build warm');
cache
  .command('ls')
  .description('yours, the last used one first')
  .addOption(json('print them as JSON'))
  .addOption(token())
  .action(async (flags) => (await import('./commands/cache.js')).ls(flags));
cache
  .command('prune')
  .description('remove the least recently used ones, above the limit of KOALACI_CACHE_LIMIT')
  .option('--age <time>', 'those that were not used for so long, such as 14d')
  .option('--size <bytes>', 'keep at most so much, such as 5g')
  .addOption(token())
  .action(async (flags) => (await import('./commands/cache.js')).prune(flags));
cache
  .command('rm')
  .argument('<project>')
  .argument('[branch]')
  .description('remove those of a project, or of one branch')
  .addOption(token())
  .action(async (project, branch, flags) => (await import('./commands/cache.js')).rm(project, branch, flags));

program
  .command('post-build', { hidden: true })
  .argument('<task>')
  .action(async (task) => (await import('./commands/post-build.js')).postBuild(task));

// `koalaci … 2>&1 | head` ends the reader, never the build.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

await main();

/** A daemon that has stopped leaves nothing to wait for, such as a Redis that is away. */
async function end(daemon: Promise<void>): Promise<void> {
  await daemon;
  process.exit();
}

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageExit(error) : await tell(error);
  }
}

/** commander has printed its help or its complaint already. */
function usageExit(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : exitCodeOf(new KoalaError('bad_input', error.message));
}

async function tell(error: unknown): Promise<number> {
  const { showError } = await import('./ui/error.js');
  showError(error);
  return exitCodeOf(error);
}
