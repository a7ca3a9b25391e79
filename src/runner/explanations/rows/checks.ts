// What finds faults in the sources: types, linters, formatters, tests. Pure.
import { packageOf } from '../import-words.js';
import { addToBuild } from '../manager-words.js';
import type { Row } from '../row.js';

/** Errors of the configuration have numbers of their own. */
const CONFIG = String.raw`(?!5\d{3}\b|6(?:046|053|059|064|137|305|306|307|310)\b|1800\d\b|17004\b)`;
const TS = new RegExp(
  String.raw`^(?:Error: )?(?:\S+\(\d+,\d+\): error TS${CONFIG}\d+: .*|\S+:\d+:\d+ - error (?:TS|NG|ts\()-?${CONFIG}\d+.*)$`,
);

export const CHECKS: Row[] = [
  {
    id: 'tsconfig',
    says: /^(?:\S*tsconfig\S*(?:\(\d+,\d+\): |:\d+:\d+ - ))?error (TS(?:5\d{3}|6(?:046|053|059|064|137|305|306|307|310)|1800\d|17004)): (.*)$/,
    cause: 'the configuration of TypeScript is refused: $2',
    fault: 'project',
    remedy: 'Correct tsconfig.json, or install the version of TypeScript that it was written for.',
  },
  {
    id: 'tsconfig-extends',
    says: /^.*failed to resolve "extends":"([^"]+)" in (?:\/workspace\/)?(\S+?)\.?$/,
    cause: '$2 extends $1, which is not there',
    fault: 'project',
    remedy: ([, name = ''], failure) => {
      if (name.includes('.svelte-kit')) return 'Have the build command run "npx svelte-kit sync" before.';
      if (name.includes('.nuxt')) return 'Have the build command run "npx nuxi prepare" before.';
      return name.startsWith('.')
        ? 'Correct its path, or commit the file.'
        : `${addToBuild(packageOf(name), failure)}; or correct "extends".`;
    },
  },
  {
    id: 'typescript',
    says: [
      TS,
      new RegExp(`^error TS${CONFIG}\\d+: .*$`),
      /^(?:Type|Typescript) error: .*$/i,
      /^✘ \[ERROR\] (?:TS|NG)-?\d+: .*$/,
      /^(?:\[tsl\] )?ERROR in \S+(?:\(\d+,\d+\)|:\d+:\d+)[ \t]*\n\s*TS\d+: .*$/,
      /^TS\d+: .*$/,
      /^(?:\.\/)?\S+:\d+:\d+[ \t]*\n(?:Type error|Error): .*$/,
      /^.*(?:svelte-check|astro check|vue-tsc).*found \d+ errors?.*$/,
    ],
    needs: /\b(?:TS|NG)-?\d+\b|[Tt]ype ?[Ee]rror:|ts\(\d+\)|svelte-check/,
    followed: /^(?:[>\s]*\d+ \||\d+ |\s)/,
    cause: 'TypeScript finds errors in the types',
    fault: 'project',
    remedy: 'Correct the lines that it names: "npx tsc --noEmit" shows all of them.',
    lines:
      /^\S+\(\d+,\d+\): error TS\d+: .*$|^\S+:\d+:\d+ - error (?:TS|NG|ts\()-?\d+.*$|^error TS\d+: .*$|^(?:(?:\.\/)?\S+:\d+:\d+[ \t]*\n)?(?:Type error|TS\d+): .*(?:\n\s*\n.*(?:\n.*){1,3})?|^ERROR in \S+(?:\(\d+,\d+\)|:\d+:\d+)[ \t]*\n\s*TS\d+: .*$/,
  },
  {
    id: 'eslint',
    says: [
      /^✖ \d+ problems? \((?:[1-9]\d*) errors?, \d+ warnings?\)$/,
      /^\s+\d+:\d+\s+[Ee]rror(?::| )\s.*$/,
      /^\d+:\d+ {2}Error: .*$/,
    ],
    needs: /^\s*\d+:\d+\s+[Ee]rror\b/m,
    followed: /^(?:\/|\.\/|\S+\.\w+$|\d+:\d+ |info {2}- |Failed to compile)/,
    cause: 'ESLint finds errors',
    fault: 'project',
    remedy: 'Correct the lines that it names, some with "npx eslint --fix .", and commit.',
    lines: /^(?:(?:\/|\.\/)?\S+\.\w+\n)?\s*\d+:\d+\s+[Ee]rror\b.*$/,
  },
  {
    id: 'too-many-warnings',
    says: /^ESLint found too many warnings \(maximum: (\d+)\)\.?$/,
    cause: 'ESLint finds more warnings than --max-warnings allows ($1)',
    fault: 'project',
    remedy: 'Correct them, or raise --max-warnings in the script that calls ESLint.',
    lines: /^(?:(?:\/|\.\/)?\S+\.\w+\n)?\s*\d+:\d+\s+warning\b.*$|^ESLint found too many.*$/,
  },
  {
    id: 'warnings-as-errors',
    says: /^.*[Tt]reating warnings as errors because process\.env\.CI = true.*$/,
    followed:
      /^(?:Most CI servers|Failed to compile|\[eslint\]|(?:src|\.)\/|Search for the|To ignore|You may use)/,
    cause: 'the build has warnings, and with CI=true this tool fails on them',
    fault: 'project',
    remedy:
      'Correct the warnings; or set CI=false in env (--env CI=false), or in the build command: CI=false npm run build.',
    lines:
      /^\[?eslint\]? *$|^(?:src|\.)\/\S+$|^\s*Line \d+:\d*:?.*$|^.*[Ww]arning(?: in|:).*$|^.*Treating warnings as errors.*$/,
  },
  {
    id: 'formatting',
    says: [
      /^\[warn\] (?:Code style issues? (?:found|were found) .*|Forgot to run Prettier\?.*)$/,
      /^Code style issues found in .*$|^\s*(?:× )?(?:error )?(?:Formatter|File content differs|The imports and exports are not sorted).*$|^\s*× Formatter would have printed the following content:.*$/,
      /^× Some errors were emitted while running checks\.?$/,
    ],
    cause: 'files are not written as the formatter wants them',
    fault: 'project',
    remedy: 'Format them ("npx prettier --write .", or "npx biome check --write ."), and commit.',
    lines: /^\[warn\] .*$|^\S+ (?:format|lint\S*|organizeImports) ━.*$/,
  },
  {
    id: 'stylelint',
    says: /^✖ \d+ problems? \([1-9]\d* errors?, \d+ warnings?\)$|^\d+ errors? found$/,
    needs: /^\s+\d+:\d+ +✖ /m,
    cause: 'Stylelint finds errors',
    fault: 'project',
    remedy: 'Correct the lines that it names, some with "npx stylelint --fix", and commit.',
    lines: /^(?:\S+\.\w+\n)?\s+\d+:\d+ +✖ .*$/,
  },
  {
    id: 'tests-failed',
    says: [
      /^ ?(?:Tests?|Test Files|Test Suites):? +.*\b[1-9]\d* failed\b.*$/,
      /^ +[1-9]\d* failing$/,
      /^ℹ fail [1-9]\d*$|^# fail [1-9]\d*$/,
      /^ +[1-9]\d* failed$|^=+ .*\b[1-9]\d* failed\b.* =+$|^FAILED \((?:failures|errors)=\d+.*\)$/,
    ],
    followed:
      /^(?:Snapshots?:|Time:|Ran all|Tests?:|Test |Duration|Start at|Coverage|ERROR: Coverage|Failed |[✗✖×✕⎯#ℹ=|●─-]|FAIL|AssertionError|File +\||\S+ +\|)/,
    cause: 'tests failed',
    fault: 'project',
    remedy: 'Correct what they have found; or leave the tests out of the build command.',
    lines:
      /^ *(?:FAIL|✗|×|✕|●) +.*$|^ *(?:AssertionError|Error|expect\().*$|^ +(?:Expected|Received|[-+] (?:Expected|Received|\d.*)).*$|^not ok .*$|^ +error: .*$|^✖ .*$|^E {3}.*$|^FAILED \S+.*$/,
  },
  {
    id: 'coverage',
    says: /^.*[Cc]overage (?:threshold )?for (\w+) \(([\d.]+)%\) (?:not met|does not meet).*$/,
    cause: 'the tests cover less than is asked for: $1 $2 %',
    fault: 'project',
    remedy: 'Test more, or lower the threshold in the configuration of the tests.',
    lines: /^.*[Cc]overage (?:threshold )?for \w+ \([\d.]+%\) (?:not met|does not meet).*$/,
  },
];
