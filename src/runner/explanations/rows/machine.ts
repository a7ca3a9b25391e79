// What a program gets no more of: memory, files, ports, rights; and how the system ends it. Pure.
import type { Row } from '../row.js';

const KILLED = /^(?:\S+: line \d+: +\d+ )?(?:Killed|Terminated|Segmentation fault|Aborted|Bus error)\b.*$/;

export const MACHINE: Row[] = [
  {
    id: 'heap',
    says: [
      /^.*FATAL ERROR: .*(?:JavaScript heap out of memory|Zone).*$/,
      /^.*(?:ERR_WORKER_OUT_OF_MEMORY|Worker terminated due to reaching memory limit: JS heap out of memory).*$/,
      /^.*Call to 'build' failed: .*heap out of memory.*$|^RangeError: (?:Array buffer allocation failed|WebAssembly\.Memory\(\): could not allocate memory).*$/,
    ],
    followed: /^(?:\d+: |-{5}|<---|\[\d+:0x|Aborted|\S+: line \d+: +\d+ Aborted)/,
    cause: 'Node.js ran out of heap memory',
    fault: 'job',
    remedy:
      'Set NODE_OPTIONS=--max-old-space-size=3072 in env: megabytes, and less than the memory limit of the build (4096, if KOALACI_MEMORY is not set).',
  },
  {
    id: 'memory-refused',
    says: [
      /^.*\b(?:ENOMEM|Cannot allocate memory|out of memory allocating|std::bad_alloc|MemoryError)\b.*$/,
      /^.*(?:fatal error: runtime: (?:out of memory|cannot allocate memory)|memory allocation of \d+ bytes failed).*$/,
    ],
    cause: 'a program got no more memory',
    fault: 'job',
    remedy:
      'Have the build use less memory, say with fewer workers at once; or ask the operator for a higher KOALACI_MEMORY.',
  },
  {
    id: 'processes-refused',
    says: /^.*(?:\bspawn \S+ EAGAIN|fork: (?:retry: )?Resource temporarily unavailable|pthread_create(?: failed)?: ?Resource temporarily unavailable|failed to spawn thread|can't start new thread).*$/,
    cause: 'a program could start no more processes or threads',
    fault: 'job',
    remedy: 'Have the build start fewer at once; or ask the operator for a higher KOALACI_PIDS.',
  },
  {
    id: 'too-many-files',
    says: /^.*(?:\b(?:EMFILE|ENFILE): .*|: [Tt]oo many open files\b.*)$/,
    inPassing: true,
    cause: 'a program had too many files open at once',
    fault: 'project',
    remedy:
      'Have it open fewer at once (limit what runs in parallel, or read with graceful-fs): 65536 for one process is the most here.',
  },
  {
    id: 'watchers-refused',
    says: /^.*(?:ENOSPC: System limit for number of file watchers reached|inotify_add_watch.*No space left|inotify watch limit reached).*$/,
    inPassing: true,
    cause: 'a program watches more files than it may: a build need not watch any',
    fault: 'job',
    remedy: 'Call the command that builds once, without --watch and without a development server.',
  },
  {
    id: 'port-taken',
    says: /^.*\bEADDRINUSE: .*?:(\d{2,5})\b.*$|^.*[Pp]ort (\d{2,5}) is (?:already )?(?:in use|being used|taken|occupied).*$/,
    inPassing: true,
    cause: ([, one, other]) =>
      `two programs of the build want the same port${(one ?? other) ? `, ${one ?? other}` : ''}`,
    fault: 'project',
    remedy: 'Start one server only, or another one on a port of its own; let the program choose with port 0.',
  },
  {
    id: 'no-root',
    says: [
      /^E: (?:Could not open lock file|Unable to acquire the dpkg frontend lock|List directory \S+ is missing\.).*$/,
      /^.*are you root\?.*$|^.*(?:must be|not) (?:run as )?root\b.*$/,
      /^.*(?:sudo: (?!command not found).*|"no new privileges" flag is set).*$/,
    ],
    inPassing: true,
    cause: 'a command wants to be root, which builds are not',
    fault: 'project',
    remedy:
      'Do without it: have the package in the dependencies, or ask the operator to put the program into the builder image.',
  },
  {
    id: 'no-permission',
    says: [
      /^.*\b(?:EACCES|EPERM|EROFS): [\w -]+, \w+ '([^']+)'.*$/,
      /^.*: cannot (?:create|remove|open|touch|move|access|stat|make)(?: directory| regular file)? [‘'"]([^’'"\n]+)[’'"](?: to .*)?: (?:Permission denied|Read-only file system)$/,
      /^PermissionError: \[Errno \d+\] [\w ]+: '([^']+)'$/,
      /^(?:\S+: (?:line )?\d+: )(?:cannot create )?(\/\S+): (?:Permission denied|Read-only file system)$/,
    ],
    unless: /^npm (?:error|ERR!) code EACCES/m,
    inPassing: true,
    cause: 'the build may not write, or read, $1',
    fault: 'project',
    remedy:
      'Builds write in the project, in their home and in /tmp. Write there; of a file in the project, correct its mode with "git update-index --chmod=+x".',
  },
  {
    id: 'file-missing',
    says: [
      /^.*\bENOENT: no such file or directory, (?!spawn)\w+ '([^']+)'.*$/,
      /^.*: cannot (?:stat|access|open|find|copy|remove)(?: directory)? [‘'"]?([^’'"\n]+?)[’'"]?(?<!shared object file)(?: for reading)?: No such file or directory$/,
      /^FileNotFoundError: \[Errno 2\] No such file or directory: '([^']+)'$/,
      /^(?:cat|ls|cp|mv|rm|cd|head|tail|sed|grep|node|python3?|bash|sh|tar|touch|rmdir|tee)(?:: (?:line \d+|\d+): \w+)?: (?:can't (?:open|cd to) )?'?([^\s:']+)'?: (?:\[Errno 2\] )?No such file or directory$/,
      /^\S+: line \d+: cd: ([^:]+): No such file or directory$/,
    ],
    unless: /npm (?:error|ERR!) code ENOENT/,
    inPassing: true,
    followed: /^(?:\[|Error occurred prerendering|> Export|Failed to)/,
    cause: ([, path = '']) =>
      `a file that the build wants is not there: ${path.replace(/^\/workspace\//, '')}`,
    fault: 'project',
    remedy:
      'Correct the path, which begins at project_root, or commit the file: it may be in .gitignore, or be made by a step that has not run.',
  },
  {
    id: 'file-there',
    says: [
      /^.*\bEEXIST: file already exists, \w+ .*?'([^']+)'(?: -> '[^']+')?.*$/,
      /^(?:mkdir|ln): (?:cannot create|failed to create)[\w ]* [‘'"]([^’'"\n]+)[’'"]: File exists$/,
    ],
    unless: /npm (?:error|ERR!) code EEXIST/,
    inPassing: true,
    cause: ([, path = '']) =>
      `a file that the build makes is there already: ${path.replace(/^\/workspace\//, '')}`,
    fault: 'project',
    remedy:
      'Remove it before ("rm -rf"), or allow it: mkdir -p, and { recursive: true } in Node.js; if it is in the repository by mistake, take it out.',
  },
  {
    id: 'is-directory',
    says: /^.*\b(?:EISDIR: illegal operation on a directory|ENOTDIR: not a directory), \w+(?: '([^']+)')?.*$/,
    inPassing: true,
    cause: ([, path]) =>
      `a program takes a directory for a file, or a file for a directory${path ? `: ${path.replace(/^\/workspace\//, '')}` : ''}`,
    fault: 'project',
    remedy: 'Correct the path in the code or in its configuration: the stack says which line wants it.',
    lines: /^.*\b(?:EISDIR|ENOTDIR): .*$|^\s+at .*\/workspace\/(?!node_modules).*$/,
  },
  {
    id: 'env-file',
    says: /^\S*node\S*: (\.?\S*\.?env\S*): not found$/,
    cause: 'Node.js is to read variables from $1, which is not there: such files are not committed, mostly',
    fault: 'job',
    remedy:
      'Set the variables in env (--env NAME=value) and write --env-file-if-exists for --env-file in package.json.',
  },
  {
    id: 'program-missing',
    says: [/^.*\bspawn (\S+) ENOENT.*$/, /^make(?:\[\d+\])?: (\S+): No such file or directory$/],
    unless: /npm (?:error|ERR!)/,
    inPassing: true,
    cause: '$1 is not installed',
    fault: 'project',
    remedy:
      'Add the package that has it to the devDependencies, or correct its name; what is no npm package must be in the builder image.',
  },
  {
    id: 'exec-format',
    says: /^.*?(\/?\S+): (?:cannot execute binary file(?:: Exec format error)?|Exec format error)$|^.*\bspawn (\S+) ENOEXEC.*$/,
    cause: ([, one, other]) => `${one ?? other} is a program for another kind of machine, or no program`,
    fault: 'project',
    remedy:
      'Have the one for Linux, of the processor of the build machine; a script needs "#!" and its interpreter in its first line.',
  },
  {
    id: 'shared-library',
    says: [
      /^.*error while loading shared libraries: (\S+): cannot open shared object file.*$/,
      /^.*Error: (lib[\w.+-]+\.so[\w.]*): cannot open shared object file.*$/,
      /^.*Host system is missing (dependencies to run browsers).*$/,
      /^.*version [`'‘](GLIBC(?:XX)?_[\d.]+)['’] not found.*$/,
    ],
    inPassing: true,
    cause: 'the builder image does not have a library that a program needs: $1',
    fault: 'operator',
    remedy:
      'Use a version of the package that brings it or does without, or ask the operator to put the library into the builder image.',
  },
  {
    // Without a word of which one.
    id: 'exit-127',
    codes: [127],
    unless: /not found|No such file/,
    cause: 'a program that the build calls is not there (exit code 127)',
    fault: 'project',
    remedy:
      'Find out which one: put "set -x" before the build command, and add the package that has it to the devDependencies.',
    lines: /^.*(?:not found|No such file).*$/i,
  },
  {
    id: 'killed',
    codes: [137, 139, 134, 143, 135, 132, 136],
    unless: /JavaScript heap out of memory/,
    cause: (_, { exitCode = 137 }) =>
      ({
        137: 'a program of the build was killed (SIGKILL), not by a limit of koalaci: something in the build did that, or it exits with 137 by itself',
        139: 'a program of the build crashed (SIGSEGV): a native addon, mostly',
        134: 'a program of the build aborted (SIGABRT)',
        143: 'a program of the build was told to end (SIGTERM) by another one of the build',
      })[exitCode] ?? `a program of the build crashed (signal ${exitCode - 128})`,
    fault: 'project',
    remedy: (_, { exitCode }) =>
      exitCode === 139 || exitCode === 134
        ? 'Update the package that has the native code, or set node_version to one that it was made for; --no-cache builds it anew.'
        : 'Look for "kill", "timeout" and "exit" in the scripts of the build; memory is not why.',
    lines: KILLED,
  },
];
