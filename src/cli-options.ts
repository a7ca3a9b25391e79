// The command line: options that many commands have.
import { Option } from 'commander';

export const token = () =>
  new Option(
    '--token <jwt>',
    'your token; others on this machine can see it here (default: KOALACI_TOKEN, or the stored one)',
  );
export const server = () =>
  new Option(
    '--server <address>',
    'the service to ask in place of this machine (default: KOALACI_SERVER, or the one of "koalaci login")',
  );
export const json = (what: string) => new Option('--json', what);
