// The command line: options that many commands have.
import { Option } from 'commander';

export const token = () =>
  new Option('--token <jwt>', 'your token (default: KOALACI_TOKEN, or the one that "koalaci init" stored)');
export const json = (what: string) => new Option('--json', what);
