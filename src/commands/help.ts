// koalaci help: explains a command, or a topic.
import type { Command } from 'commander';
import { KoalaError } from '../job/errors.js';
import { nearest } from '../job/nearest.js';
import { showPages } from '../usage/pager.js';
import { TOPICS, type Topic } from '../usage/topics.js';

export function help(program: Command, words: string[]): void {
  const topic = words.length === 1 ? TOPICS[words[0] ?? ''] : undefined;
  const command = commandAt(program, words);
  if (topic) showPages(draw(topic(), program));
  else if (command) command.outputHelp();
  else throw unknown(program, words);
}

function unknown(program: Command, words: string[]): KoalaError {
  const [first = ''] = words;
  const known = [...program.commands.map((one) => one.name()), ...Object.keys(TOPICS)];
  const meant = nearest(first, known);
  return new KoalaError('bad_input', `there is no command or topic ${JSON.stringify(words.join(' '))}`, {
    remedy: meant ? `Did you mean "koalaci help ${meant}"?` : '"koalaci help" lists them.',
  });
}

function commandAt(program: Command, words: string[]): Command | undefined {
  let command: Command | undefined = program;
  for (const word of words) command = command?.commands.find((one) => one.name() === word);
  return command;
}

function draw({ says, entries }: Topic, program: Command): string {
  const shape = program.createHelp();
  shape.helpWidth = Math.min(process.stdout.columns ?? 100, 120);
  const width = Math.max(...entries.map(([term]) => term.length));
  const lines = entries.map(([term, means]) => shape.formatItem(term, width, means, shape));
  return `${shape.boxWrap(says, shape.helpWidth)}\n\n${lines.join('\n')}\n`;
}
