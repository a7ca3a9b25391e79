// @ts-check
// The command of a framework that no script of the project runs.
import { posix } from 'node:path';
import { quoted, runProgram } from './manager.mjs';
import { upwards } from './manifest.mjs';
import { siteDirectory } from './site-directory.mjs';

/** @typedef {import('./outputs.mjs').Building} Building */
/** @typedef {import('./table.mjs').Framework} Framework */
/** @typedef {import('./detection.mjs').Finding} Finding */

/** Programs of generators without Node that the builder image has. */
const IN_IMAGE = ['hugo'];
/** Generators of sites, whose styles and scripts a script may make first. */
const WITH_SCRIPTS = ['Jekyll', 'Hugo', 'Zola', 'Middleman'];

/**
 * A script that makes styles and scripts of pages, which a generator without Node makes then.
 * @param {Building} building @param {Finding} script @returns {Finding}
 */
export function withGenerator(building, script) {
  const { framework, commands } = building;
  const programs = framework.commands.flatMap(
    (command) => command.replace(/^bundle exec /, '').split(' ')[0] ?? '',
  );
  const isRun = commands.some(([program = '', ...words]) =>
    [program, ...words].some((word) => programs.includes(word)),
  );
  if (framework.group !== 'others' || isRun) return script;
  if (!WITH_SCRIPTS.includes(framework.name)) return ofFramework(building, null);
  return { ...script, value: `${script.value} && ${ofFramework(building, null).value}` };
}

/** The usual command of a framework that no script runs. @param {Building} building @param {string | null} manager @returns {Finding} */
export function ofFramework(building, manager) {
  const { name, commands, packages } = building.framework;
  const directory = siteDirectory(building);
  // Without a Gemfile, there is no bundle.
  const isBundled = upwards(building.directory).some((above) =>
    building.files.isFile(posix.join(above, 'Gemfile')),
  );
  const command = (isBundled ? (commands[0] ?? '') : (commands[0] ?? '').replace(/^bundle exec /, ''))
    .replaceAll('{dir}/', directory === '.' ? '' : `${directory}/`)
    .replaceAll('{dir}', directory);
  const value = packages.length > 0 ? runProgram(manager, command.split(' ').map(quoted).join(' ')) : command;
  return { value, reason: `no script runs it; it is the usual one of ${name}`, file: null };
}

/** What its command needs that no dependency brings. @param {Framework} framework @returns {string[]} */
export function missing({ name, commands: [command = ''], packages }) {
  const program = command.split(' ')[0] ?? '';
  if (packages.length > 0 || IN_IMAGE.includes(program)) return [];
  return [
    `${name} needs ${program}, which koalaci's own builder image does not have: KOALACI_IMAGE can name one that has it`,
  ];
}
