// The command line: what all commands have in common, and how the program ends.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { server, token } from './cli-options.js';
import { exitCodeOf, KoalaError } from './job/errors.js';
import { watchOutput } from './ui/output-failure.js';
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

/** The commands that ask no service, and the command that runs. */
const HERE_ONLY = new Set<Command>();
let running: Command | undefined;

/** The program, without a command. */
export function newProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return new Command('koalaci')
    .description('Builds web projects from git in throw-away containers.')
    .version(version)
    .configureOutput({ outputError: (text, write) => write(inOurWords(text)) })
    .option('--no-color', 'print without colours')
    .addOption(server())
    .addOption(token())
    .hook('preAction', passOnService)
    .configureHelp({ sortSubcommands: false })
    .helpCommand(false)
    .exitOverride();
}

/** Runs the command that the process was started with, once the program has all that it may be. */
export async function runProgram(program: Command): Promise<void> {
  refuseServer(program);
  completeHelp(program, []);
  hintAtHelp(program);
  watchOutput();
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageExit(error) : await tell(error);
  }
}

function completeHelp(command: Command, path: readonly string[]): void {
  const name = path.join(' ');
  const lines = EXAMPLES[name];
  if (lines) command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  if (MORE[name]) command.addHelpText('after', MORE[name]);
  command.configureOutput({ writeOut: showPages });
  for (const inner of command.commands) completeHelp(inner, [...path, inner.name()]);
}

/** The errors of commander as all others: "koalaci: …", and below it what to do. */
function inOurWords(text: string): string {
  return text.replace(/^error: /, 'koalaci: ').replace(/^\((Did you mean .*\?)\)$/m, '  $1');
}

/** Has each command name its own help where it is called in a wrong way. */
function hintAtHelp(command: Command, above = ''): void {
  const path = `${above}${command.name()}`;
  command.showHelpAfterError(`  Type: ${path} --help`);
  for (const below of command.commands) hintAtHelp(below, `${path} `);
}

/** `--server` and `--token` may stand before the command, too. */
function passOnService(program: Command, command: Command): void {
  running = command;
  const given = program.opts<{ server?: string; token?: string }>();
  for (const name of ['server', 'token'] as const) {
    const value = given[name];
    if (value === undefined || command.getOptionValue(name) !== undefined) continue;
    if (command.options.some((option) => option.attributeName() === name))
      command.setOptionValue(name, value);
  }
  if (HERE_ONLY.has(command) && command.getOptionValue('server') !== undefined)
    throw new KoalaError('bad_input', `--server: "koalaci ${pathOf(command)}" asks no service`, {
      remedy:
        'It works on the machine on which it is typed: type it on that of the service, or leave --server out.',
    });
}

/** Lets every command that has no `--server` say so, in place of calling it an unknown option. */
function refuseServer(command: Command): void {
  for (const inner of command.commands) refuseServer(inner);
  if (command.parent === null || command.commands.length > 0) return;
  if (command.options.some((option) => option.attributeName() === 'server')) return;
  HERE_ONLY.add(command.addOption(server().hideHelp()));
}

/** What is to be said when a command about deployments has failed, because others ask a service and this one does not. */
async function saysNoService(): Promise<string> {
  const isOfUser = running?.options.some((option) => option.attributeName() === 'token');
  if (!running || !isOfUser || !HERE_ONLY.has(running)) return '';
  if (running.getOptionValue('server') !== undefined) return '';
  const [{ serviceOf }, { openSession }] = await Promise.all([
    import('./commands/named-service.js'),
    import('./commands/session.js'),
  ]);
  try {
    const service = serviceOf(openSession(), {});
    return service
      ? `koalaci: "koalaci ${pathOf(running)}" works on this machine, and does not ask ${service.url}: type it there\n`
      : '';
  } catch {
    return '';
  }
}

function pathOf(command: Command): string {
  return command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();
}

/** The exit code for an error of commander, which has printed the help or a message already. */
function usageExit(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : exitCodeOf(new KoalaError('bad_input', error.message));
}

async function tell(error: unknown): Promise<number> {
  const [{ showError }, { say }] = await Promise.all([import('./ui/error.js'), import('./ui/print.js')]);
  showError(error);
  say(await saysNoService());
  return exitCodeOf(error);
}
