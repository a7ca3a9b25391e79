import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { candidates } from '../../../src/usage/candidates.js';

const program = new Command('koalaci').option('--no-color').helpCommand(false);
program
  .command('run')
  .argument('[job]')
  .description('build a job')
  .option('--reuse <mode>', 'take an earlier artifact')
  .option('--repo-url <url>')
  .option('-f, --follow')
  .addOption(new Option('--secret').hideHelp());
program.command('logs').argument('<id>');
program.command('wait').argument('<ids...>');
program.command('completion').argument('<shell>');
program.command('complete', { hidden: true }).argument('[words...]');
program.command('help').argument('[topic...]');
const cache = program.command('cache').description('snapshots');
cache.command('rm').argument('<project>').argument('[branch]');

const wordsFor = (...typed: string[]) => candidates(program, typed).words.map(({ word }) => word);
const sourcesFor = (...typed: string[]) => candidates(program, typed).sources;

describe('what may follow on a command line', () => {
  it('are the commands that begin so, with what they do, but no hidden ones', () => {
    expect(candidates(program, ['ru']).words).toEqual([{ word: 'run', says: 'build a job' }]);
    expect(wordsFor('c')).toEqual(['completion', 'cache']);
    expect(wordsFor('cache', '')).toEqual(expect.arrayContaining(['rm']));
  });

  it('are flags after a hyphen, but no hidden ones', () => {
    expect(wordsFor('run', '--re')).toEqual(['--reuse', '--repo-url']);
    expect(wordsFor('run', '--secr')).toEqual([]);
    expect(wordsFor('run', '--no-c')).toEqual(['--no-color']);
  });

  it('are the values of a flag, also after a sign of equality', () => {
    expect(wordsFor('run', '--reuse', '')).toEqual(['off', 'same', 'related']);
    expect(wordsFor('run', '--reuse', '=', 'sa')).toEqual(['same']);
    expect(wordsFor('run', '--repo-url', '')).toEqual([]);
  });

  it('are deployments, projects or files, where an argument is one', () => {
    expect(sourcesFor('logs', '')).toEqual(['deployments']);
    expect(sourcesFor('run', '--follow', '')).toEqual(['files']);
    expect(sourcesFor('run', '--reuse', 'same', '')).toEqual(['files']);
    expect(sourcesFor('cache', 'rm', '')).toEqual(['projects']);
    expect(sourcesFor('cache', 'rm', 'site', '')).toEqual([]);
    expect(sourcesFor('logs', 'site-41', '')).toEqual([]);
    expect(sourcesFor('wait', 'site-41', 'site-42', '')).toEqual(['deployments']);
  });

  it('are commands and topics after help, and shells after completion', () => {
    expect(wordsFor('help', 'e')).toEqual(['exit-codes', 'environment']);
    expect(wordsFor('help', 'ru')).toEqual(['run']);
    expect(wordsFor('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });
});
