// git, make, Python and other programs that builds call. Pure.
import type { Row } from '../row.js';

export const PROGRAMS: Row[] = [
  {
    id: 'history-missing',
    says: [
      /^fatal: (?:No names found, cannot describe anything|No tags can describe .*|No annotated tags can describe .*)\.?$/,
      /^fatal: (?:ambiguous argument|bad revision) '([^']+)'.*$/,
      /^fatal: (?:Not a valid object name|invalid upstream|Invalid symmetric difference expression) '?(\S+?)'?$/,
      /^fatal: no merge base found.*$/i,
    ],
    followed: /^(?:Use '--' |'git <command>|However, there were|Try --)/,
    cause: 'git finds no such commit or tag in the history that the build has',
    fault: 'job',
    remedy:
      'Set project_fetch to more of it, such as {"depth": 1000, "tags": true} (--fetch-depth 1000 --fetch-tags); other branches are not fetched.',
  },
  {
    id: 'not-a-repository',
    says: /^fatal: (?:not a git repository.*|detected dubious ownership.*)$/,
    cause: 'git is called where there is no repository of this build',
    fault: 'project',
    remedy:
      'Call git in the project; KOALACI_COMMIT and KOALACI_BRANCH say which commit is built without it.',
  },
  {
    id: 'git-refused',
    says: [
      /^fatal: could not read (?:Username|Password) for '([^']+)'.*$/,
      /^fatal: Authentication failed for '([^']+)'.*$/,
      /^.*(?:Permission denied \(publickey|Host key verification failed).*$/,
      /^remote: (?:Repository not found|HTTP Basic: Access denied).*$/,
    ],
    cause: 'git refuses access to a repository that the build fetches: $1',
    fault: 'job',
    remedy:
      'A build has no credentials of the job: put a token into env and into the address, or have the repository as a dependency or a submodule.',
  },
  {
    id: 'make-target',
    says: [
      /^make(?:\[\d+\])?: \*\*\* No rule to make target '([^']+)'.*$/,
      /^make(?:\[\d+\])?: \*\*\* (No targets specified and no makefile found).*$/,
    ],
    cause: 'make knows no such target, or lacks a file for one: $1',
    fault: 'project',
    remedy: 'Correct its name in the Makefile or in project_build_command, or commit the file.',
  },
  {
    // npm 12, before it has read its configuration.
    id: 'npm-config',
    says: /^Invalid abbreviated flag "([^"]+)"\. Did you mean "([^"]+)"\?$/,
    cause: 'npm does not know the option $1',
    fault: 'job',
    remedy: ([, , meant = '']) => `Write ${meant} in the build command, or in the script that calls npm.`,
  },
  {
    id: 'python-module',
    says: /^(?:(?:ModuleNotFoundError|ImportError)|\S*python\S*): No module named '?([\w.]+)'?$/,
    cause: 'Python has no module $1',
    fault: 'project',
    remedy:
      'The builder image has Python without pip and without packages: do without it, keep the module in the project, or ask the operator to put it into the builder image.',
  },
  {
    id: 'pip-managed',
    says: /^error: externally-managed-environment$/,
    cause: "pip may not install into the system's Python",
    fault: 'project',
    remedy: 'Make an environment first: python3 -m venv .venv && .venv/bin/pip install …',
  },
  {
    id: 'no-workspace',
    says: /^No (?:projects matched the filters|packages? (?:matched|found)|workspaces? (?:matched|found)).*$/,
    cause: 'the workspace has no such project',
    fault: 'project',
    remedy: 'Correct its name in project_build_command, or the list of directories of the workspace.',
  },
  {
    id: 'docker-missing',
    says: /^.*(?:Cannot connect to the Docker daemon|permission denied while trying to connect to the Docker daemon|docker\.sock).*$/,
    inPassing: true,
    cause: 'the build wants a Docker engine, which builds do not have',
    fault: 'project',
    remedy: 'Do without it: a build runs in a container already.',
  },
  {
    id: 'browser-missing',
    says: [
      /^.*Could not find (?:Chrome|Chromium|Firefox|browser)[^\n]*\..*$/,
      /^.*Executable doesn't exist at (\S+).*$/,
      /^.*(?:Failed to launch the browser process|Browser was not found at the configured executablePath|Chromium revision is not downloaded).*$/,
    ],
    cause: 'the build wants a browser that was not downloaded',
    fault: 'project',
    remedy:
      'Have the build command download it: npx playwright install chromium, or npx puppeteer browsers install chrome; or allow the install script of its package.',
  },
];

/** Of programs that ask. */
export const PROMPTS: Row[] = [
  {
    id: 'prompt',
    says: /^.*(?:\(y\/N\)|\(Y\/n\)|\[y\/N\]|\[Y\/n\]|\(yes\/no\)|Ok to proceed\?).{0,20}$/,
    inPassing: true,
    followed: /^(?:npm|Error|canceled)/,
    cause: 'a program asks something, and nobody is there to answer',
    fault: 'project',
    remedy:
      'Give it the answer: --yes, -y, or what it has for that; nothing is installed while "npx" asks, so have the package in the devDependencies.',
  },
];

export const COREPACK: Row[] = [
  {
    id: 'corepack-signature',
    says: [
      /^.*(?:Cannot find matching keyid|Mismatch hashes|No compatible signature found|Signature does not match).*$/,
      /^TypeError: Cannot read properties of undefined \(reading 'some'\)$/,
    ],
    needs: /[Cc]orepack/,
    cause: 'this version of corepack does not accept the signatures of the npm registry',
    fault: 'project',
    remedy:
      'Take corepack out of the build command and the dependencies: koalaci provides what packageManager asks for. Else update it: npm install -D corepack@latest (for a registry without signatures, set COREPACK_INTEGRITY_KEYS=0 in env).',
  },
  {
    id: 'corepack-prompt',
    says: /^.*(?:! Corepack is about to download|! The local project doesn't define a 'packageManager' field).*$/,
    needs: /Do you want to continue|Aborted/,
    followed: /./,
    cause: 'corepack asks whether it may download, and nobody is there to answer',
    fault: 'job',
    remedy: 'Set COREPACK_ENABLE_DOWNLOAD_PROMPT=0 in env.',
  },
  {
    id: 'wrong-manager',
    says: /^(?:Usage Error: )?This project is configured to use (\S+) because .*$/,
    cause: 'packageManager in package.json asks for another package manager than the one that is called: $1',
    fault: 'job',
    remedy:
      'Set project_package_manager to it, or auto, and call it in project_build_command; or correct packageManager and commit.',
  },
  {
    id: 'corepack-network',
    says: /^.*Error when performing the request to (\S+?);?(?: for troubleshooting.*)?$/,
    needs: /[Cc]orepack/,
    cause: 'corepack cannot download the package manager: $1',
    fault: 'service',
    remedy:
      'Check COREPACK_NPM_REGISTRY in env, and the network of the build machine; or take corepack out of the build command: koalaci provides what packageManager asks for.',
  },
];

const LOCAL = String.raw`(?:https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):\d+\S*)`;

/** Programs that never end, told by their last words when a build was silent or took too long. */
export const WATCHERS: Row[] = [
  {
    id: 'watcher',
    says: [
      /^.*(?:[Ww]atching (?:for|files|\.|src|\d)|[Ww]atch(?:ing)? mode|is watching|Waiting for (?:file )?changes|waiting for changes|File change detected|press (?:h|q|any key|\w \+ enter)|Press (?:Ctrl|h|a|q)\b).*$/,
      new RegExp(
        `^.*(?:Local|Network|[Ll]istening|running|started|ready|available|[Ss]erving|server|On Your Network|Loopback)\\b.*${LOCAL}.*$`,
      ),
      /^.*(?:[Ll]istening (?:on|at) (?:port |http|:)|[Ss]erver (?:is )?(?:listening|running|started)|Development server|ready started server).*$/,
    ],
    followed: /./,
    cause: 'the command does not end: it is a development server, or it watches for changes',
    fault: 'job',
    remedy:
      'Call the command that builds once: "build" instead of "dev", "start", "serve" or "preview", and without --watch.',
  },
];

/** Each build that has succeeded says so: only one that did not end is asked for these words. */
export const FINISHED: Row[] = [
  {
    id: 'does-not-end',
    says: /^.*(?:webpack \S+ compiled\b|[Cc]ompiled (?:successfully|with)|\b(?:[Bb]uilt|[Dd]one|[Cc]ompleted|[Ff]inished) in \d|[Bb]uild (?:complete|finished|succeeded)).*$/,
    inPassing: true,
    cause:
      'the command has done its work and does not end: it watches for changes, or something keeps it open',
    fault: 'project',
    remedy:
      'Call it without --watch; close the servers, timers and connections that it has opened, or have the program end by itself.',
  },
];
