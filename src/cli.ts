// The command line: all commands and their flags. A command's module is loaded only when that command runs.
import { addArtifactCommands } from './cli-artifacts.js';
import { addCacheCommands } from './cli-cache.js';
import { json, server, token } from './cli-options.js';
import { newProgram, runProgram } from './cli-program.js';
import { addQuickCommands } from './cli-quick.js';
import { addReleaseCommands } from './cli-releases.js';
import { addServiceCommands } from './cli-service.js';
import { addUsage } from './cli-usage.js';
import { PACKAGE_MANAGER_WORDS } from './job/package-managers.js';

const program = newProgram();

program
  .command('run')
  .argument('[job]', 'a JSON file with the job, "-" for standard input, or the directory of a project')
  .description('build a job now, on this machine or at a service, and show each step')
  .option('--project-id <id>', 'project_id: jobs of the same project share caches')
  .option('--deployment-id <id>', 'deployment_id: the id of the job')
  .option('--branch <name>', 'project_branch: branch or tag to build; refs/tags/… means the tag')
  .option(
    '--default-branch <name>',
    'project_default_branch: a branch without a snapshot starts from the one of this branch',
  )
  .option('--commit <sha>', 'project_commit: a full SHA')
  .option('--fetch-depth <n>', 'project_fetch.depth: how many commits back the history goes, or "full"')
  .option('--fetch-tags', "project_fetch.tags: all tags, not only those of the history's commits")
  .option('--no-fetch-tags', 'project_fetch.tags: no tags but those of the commit itself')
  .option('--repo-url <url>', 'project_repo_url: https, ssh, git, user@host:path, file:// or a local path')
  .option('--root <directory>', 'project_root: the sub-directory of a monorepo to build')
  .option('--ssh-key-file <file>', 'project_ssh_key: a private key for the host of the repository')
  .option(
    '--build-command <command>',
    'project_build_command: run by bash in the container; "" for none, "auto": see detect',
  )
  .option('--package-manager <name>', `project_package_manager: ${PACKAGE_MANAGER_WORDS}`)
  .option('--dist-directory <path>', 'project_dist_directory: the directory to ship, or "auto"')
  .option('--node-version <range>', 'node_version: overrides what the project asks for')
  .option(
    '--env <name=value>',
    'env: a variable for install and build, as often as needed; a name alone takes its value from your shell',
    (pair: string, before: string[] | undefined) => [...(before ?? []), pair],
  )
  .option(
    '--public-env <name>',
    'public_env: a variable of env that may be in what is shipped, as often as needed',
    (name: string, before: string[] | undefined) => [...(before ?? []), name],
  )
  .option('--frozen-lockfile', 'frozen_lockfile: refuse a project without a lockfile')
  .option('--no-skip-ci', "skip_ci: build although the commit's message has [skip ci]")
  .option('--no-cache', 'cache: build cold, and replace the snapshot')
  .option(
    '--reuse <mode>',
    'reuse: take the artifact of an earlier build if its inputs are the "same", or those "related", or "off"',
  )
  .option('--timeout <time>', 'timeout_seconds: the time limit, such as 90s or 20m')
  .option('--output <directory>', 'write the artifact here instead of into the data directory')
  .option('--keep', 'if the build fails, keep its container for half an hour, for "koalaci debug"')
  .option('--dirty', 'of a directory: build what is not committed, too')
  .option('--detach', 'queue the job, and leave it')
  .option('--wait', 'queue the job, and wait for its end without showing its log')
  .option('--supersede', 'supersede: cancel older jobs of the same project and branch')
  .option('--verbose', 'show all output as it comes; the default where standard output is no terminal')
  .option('--raw', "print the bytes of the build's output, also those that command a terminal")
  .addOption(json('print events as NDJSON'))
  .addOption(server())
  .addOption(token())
  .action(async (job, flags) => (await import('./commands/run.js')).run(job, flags));

addQuickCommands(program);

program
  .command('cancel')
  .argument('<id>', 'deployment id')
  .description('stop a deployment on any machine, and wait until it has stopped')
  .addOption(server())
  .addOption(token())
  .action(async (id, flags) => (await import('./commands/cancel.js')).cancel(id, flags));

program
  .command('debug')
  .argument('<id>', 'deployment id')
  .argument('[command...]', 'after "--": a command to run there, instead of a shell')
  .description(
    'open a shell in the container of a build that failed and is kept: on the machine that built it',
  )
  .addOption(token())
  .action(async (id, command, flags) => (await import('./commands/debug.js')).debug(id, command, flags));

program
  .command('report')
  .argument('<id>', 'deployment id')
  .description('write a page about a deployment: steps, log, artifact, beside earlier builds; one HTML file')
  .option('--output <file>', 'the file, or "-" for standard output (default: <id>.html)')
  .addOption(server())
  .addOption(token())
  .action(async (id, flags) => (await import('./commands/report.js')).report(id, flags));

program
  .command('watch')
  .description('watch the box: what waits and at which place, what runs in which step, and what ended last')
  .addOption(server())
  .addOption(token())
  .action(async (flags) => (await import('./commands/watch.js')).watch(flags));

program
  .command('serve')
  .description('accept jobs over HTTP and build queued jobs, until it is stopped')
  .option('--host <address>', 'the address to listen on', '127.0.0.1')
  .option('--port <n>', 'the port to listen on', '8081')
  .option('--concurrency <n>', 'builds at once (default: one per processor; 0: only accept jobs)')
  .option('--drain <time>', 'how long running builds may go on when it is stopped', '10m')
  .action(async (flags) => end((await import('./commands/serve.js')).serve(flags)));

program
  .command('worker')
  .description('build queued jobs, until it is stopped')
  .option('--concurrency <n>', 'builds at once (default: one per processor)')
  .option('--port <n>', 'answer /healthz, /readyz and /metrics on this port')
  .option('--host <address>', 'the address of that port', '127.0.0.1')
  .option('--drain <time>', 'how long running builds may go on when it is stopped', '10m')
  .action(async (flags) => end((await import('./commands/worker.js')).worker(flags)));

program
  .command('detect')
  .argument(
    '[path|url]',
    'the directory of a project (default: the current one), or the address of a repository',
  )
  .description('say what a project is, how koalaci would build it, and why; nothing of the project is run')
  .option('--branch <name>', 'of a repository: the branch or tag to look at')
  .option('--root <directory>', 'of a repository: the sub-directory to look at')
  .option('--ssh-key-file <file>', 'of a repository: a private key for its host')
  .addOption(json('print what was found as JSON'))
  .addOption(server())
  .addOption(token())
  .action(async (path, flags) => (await import('./commands/detect.js')).detect(path, flags));

program
  .command('init')
  .description('store a random secret, and a token for you, in the data directory')
  .option('--user <id>', 'the user_id of the token (default: your name on this machine)')
  .option('--if-missing', 'do nothing if a secret is stored already')
  .option('--force', 'replace the stored secret; tokens signed with it stop working')
  .action(async (flags) => (await import('./commands/init.js')).init(flags));

program
  .command('token')
  .description('print a token, signed with JWT_SECRET or the stored secret')
  .option('--user <id>', 'the user_id of the token (default: your name on this machine)')
  .option('--expires <time>', 'how long the token is valid, such as 12h or 30d')
  .action(async (flags) => (await import('./commands/token.js')).token(flags));

program
  .command('callback-key')
  .description("print the key that signs a user's callbacks, derived from KOALACI_CALLBACK_SECRET")
  .option('--user <id>', 'the user_id of the jobs (default: your name on this machine)')
  .action(async (flags) => (await import('./commands/callback-key.js')).printCallbackKey(flags));

addServiceCommands(program);
addCacheCommands(program);
addReleaseCommands(program);
addArtifactCommands(program);
addUsage(program);

void runProgram(program);

/** Exits when the daemon has stopped: a connection that still retries Redis must not keep the process alive. */
async function end(daemon: Promise<void>): Promise<void> {
  await daemon;
  process.exit();
}
