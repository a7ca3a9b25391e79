// What git says when the source cannot be fetched. Pure.
import type { Explanation } from './explanation.js';

interface Row extends Explanation {
  pattern: RegExp;
}

/** Specific rows come before general ones. */
const ROWS: Row[] = [
  {
    pattern: /could not resolve host/i,
    message: 'the repository cannot be reached: its host name is not known',
    remedy: 'Check project_repo_url, and that the build machine can resolve the name.',
  },
  {
    pattern:
      /authentication failed|could not read (username|password)|permission denied \(publickey|access denied(?! or repository not exported)|HTTP Basic/i,
    message: 'the repository refuses access',
    remedy: 'Check the credentials in project_repo_url, and that they allow reading the repository.',
  },
  {
    pattern: /certificate|SSL|TLS/,
    message: 'the certificate of the repository is not trusted',
    remedy: 'Set KOALACI_EXTRA_CA_CERTS to the CA bundle of your proxy or server.',
  },
  {
    pattern:
      /unable to connect|failed to connect|couldn't connect|connection (refused|timed out|reset)|timed? ?out|network is unreachable|no route to host/i,
    message: 'the repository cannot be reached',
    remedy: 'Check project_repo_url, and the network of the build machine.',
  },
  {
    pattern:
      /repository .*not found|does not appear to be a git repository|not a git repository|no such file|access denied or repository not exported/i,
    message: 'there is no repository at that address',
    remedy: 'Check project_repo_url; a private repository needs credentials.',
  },
];

/** Explains a failed step source from its last output. */
export function readSource({ output }: { output: string }): Explanation | undefined {
  const row = ROWS.find(({ pattern }) => pattern.test(output));
  return row && { message: row.message, remedy: row.remedy };
}
