// What git says when the source cannot be fetched. Pure.
import type { Explanation } from './explanation.js';

interface Row extends Explanation {
  pattern: RegExp;
}

/**
 * Specific rows come before general ones. The step itself knows most failures of git (ci/steps/git-words.sh). Here only lines of
 * git and ssh count, too: a banner of the server, or the name of a file, may have any words.
 */
const ROWS: Row[] = [
  {
    pattern: /^(?:(?:fatal|error): .*could not resolve host|ssh: could not resolve hostname)/im,
    message: 'the repository cannot be reached: its host name is not known',
    remedy: 'Check project_repo_url, and that the build machine can resolve the name.',
  },
  {
    pattern:
      /^(?:fatal: (?:authentication failed|could not read (?:username|password)|remote error: access denied$)|(?:\S+@\S+: )?permission denied \(publickey|remote: HTTP Basic: access denied)/im,
    message: 'the repository refuses access',
    remedy: 'Check the credentials for its server, and that they allow reading the repository.',
  },
  {
    pattern: /^(?:fatal|error): .*certificate/im,
    message: 'the certificate of the repository is not trusted',
    remedy: 'Set KOALACI_EXTRA_CA_CERTS to the CA bundle of your proxy or server.',
  },
  {
    pattern:
      /^(?:ssh: connect to host|(?:fatal|error): .*(?:unable to connect|failed to connect|couldn't connect|connection (?:refused|timed out|reset)|timed? ?out|network is unreachable|no route to host))/im,
    message: 'the repository cannot be reached',
    remedy: 'Check project_repo_url, and the network of the build machine.',
  },
  {
    pattern:
      /^(?:fatal: (?:repository .*not found|.*does not appear to be a git repository|.*not a git repository|remote error: access denied or repository not exported)|(?:ERROR|remote): repository not found)/im,
    message: 'there is no repository at that address',
    remedy: 'Check project_repo_url; a private repository needs credentials.',
  },
];

/** Explains a failed step source from its last output. */
export function readSource({ output }: { output: string }): Explanation | undefined {
  const row = ROWS.find(({ pattern }) => pattern.test(output));
  return row && { message: row.message, remedy: row.remedy };
}
