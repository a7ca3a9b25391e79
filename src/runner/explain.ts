// Finds out from the last output of a failed step what happened and what to try. Pure.
import { PACKAGE_MANAGERS, type PackageManagerRow } from '../job/package-managers.js';
import type { Step } from '../job/status.js';

export interface Explanation {
  message: string;
  remedy: string;
}

interface Row extends Explanation {
  step: Step;
  pattern: RegExp;
}

/** Specific rows come before general ones. The patterns match messages of git, npm, yarn, pnpm and bun. */
const ROWS: Row[] = [
  {
    step: 'source',
    pattern:
      /could not resolve proxy|proxy connect aborted|connect tunnel failed|from proxy after connect|error: 407\b/i,
    message: 'the proxy refuses access, or cannot be reached',
    remedy:
      'Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY where koalaci runs, or in the configuration of docker.',
  },
  {
    step: 'source',
    // What the step prints after git's own words.
    pattern:
      /(failed to connect|couldn't connect|connection (refused|timed out|reset))[\s\S]*koalaci: \w+_proxy is/i,
    message: 'the repository cannot be reached through the proxy',
    remedy:
      'Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY where koalaci runs, or in the configuration of docker.',
  },
  {
    step: 'source',
    pattern: /could not resolve host/i,
    message: 'the repository cannot be reached: its host name is not known',
    remedy: 'Check project_repo_url, and that the build machine can resolve the name.',
  },
  {
    step: 'source',
    pattern:
      /authentication failed|could not read (username|password)|permission denied \(publickey|access denied(?! or repository not exported)|HTTP Basic/i,
    message: 'the repository refuses access',
    remedy: 'Check the credentials in project_repo_url, and that they allow reading the repository.',
  },
  {
    step: 'source',
    pattern: /certificate|SSL|TLS/,
    message: 'the certificate of the repository is not trusted',
    remedy: 'Set KOALACI_EXTRA_CA_CERTS to the CA bundle of your proxy or server.',
  },
  {
    step: 'source',
    pattern:
      /unable to connect|failed to connect|couldn't connect|connection (refused|timed out|reset)|timed? ?out|network is unreachable|no route to host/i,
    message: 'the repository cannot be reached',
    remedy: 'Check project_repo_url, and the network of the build machine.',
  },
  {
    step: 'source',
    pattern:
      /repository .*not found|does not appear to be a git repository|not a git repository|no such file|access denied or repository not exported/i,
    message: 'there is no repository at that address',
    remedy: 'Check project_repo_url; a private repository needs credentials.',
  },
  ...PACKAGE_MANAGERS.map(outOfStep),
  {
    step: 'install',
    pattern:
      /\b(E404|404 Not Found|ERR_PNPM_FETCH_404|No matching version|ETARGET|Couldn't find (any versions|package))/i,
    message: 'the registry does not have a package, or does not have the requested version of it',
    remedy: 'The lines above name it. Check its name and version, and that your registry has it.',
  },
  {
    step: 'install',
    pattern: /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET)|certificate/i,
    message: 'the certificate of the registry is not trusted',
    remedy: 'Set KOALACI_EXTRA_CA_CERTS to the CA bundle of your proxy or registry.',
  },
  {
    step: 'install',
    pattern: /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b/,
    message: 'the package registry cannot be reached',
    remedy: 'Check the network of the build machine, and the registry in .npmrc.',
  },
  {
    step: 'build',
    pattern: /JavaScript heap out of memory/,
    message: 'Node.js ran out of heap memory',
    remedy: 'Set NODE_OPTIONS=--max-old-space-size=… in env, below the memory limit.',
  },
  {
    step: 'build',
    pattern: /Missing script:?|Command "[^"]+" not found|ERR_PNPM_NO_SCRIPT|Script not found/i,
    message: 'package.json has no such script',
    remedy: 'Check project_build_command against the scripts in package.json.',
  },
  {
    step: 'build',
    pattern: /command not found/,
    message: 'a command is not installed',
    remedy: 'Add it to the devDependencies, or correct project_build_command.',
  },
];

/** Explains a failed step from the last lines that it printed; undefined when no row matches. */
export function explain(step: Step, output: string): Explanation | undefined {
  const row = ROWS.find((candidate) => candidate.step === step && candidate.pattern.test(output));
  return row && { message: row.message, remedy: row.remedy };
}

function outOfStep({ lockfile, update, outOfStep }: PackageManagerRow): Row {
  return {
    step: 'install',
    pattern: outOfStep,
    message: `${lockfile} is out of step with package.json`,
    remedy: `Run "${update}" in the project and commit ${lockfile}.`,
  };
}
