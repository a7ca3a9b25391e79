import { describe, expect, it } from 'vitest';
import { callSteps } from '../../support/steps.js';

describe('a commit', () => {
  const built = async (message: string, skips = '1') => {
    const script = `source::git() { printf '%s\\n' "$message"; }
      JOB[skip_ci]=$2 message=$1; nothing-to-build::by_message 0123456789abcdef; echo built`;
    return (await callSteps(['nothing-to-build.sh'], script, { words: [message, skips] })).stdout;
  };

  it.each([
    ['docs: a leaf [skip ci]', '[skip ci]'],
    ['[ci skip] docs', '[ci skip]'],
    ['[no ci]', '[no ci]'],
    ['docs\n\nOnly words.\n[Skip Koalaci]', '[Skip Koalaci]'],
    ['docs [SKIP-CI] and\n[no ci]', '[SKIP-CI]'],
    [`docs\n${'x'.repeat(100_000)}\n[koalaci skip]`, '[koalaci skip]'],
  ])('is not built where its message says so: %.40s', async (message, word) => {
    expect(await built(message)).toMatch(
      `skipped\nthe message of commit 0123456789 has ${word}\nTo build it`,
    );
    expect(await built(message, '')).toBe('built');
  });

  it.each([
    ['docs'],
    ['skip ci'],
    ['[skip cinema]'],
    ['[skip]'],
    ['[skip  the ci]'],
    [''],
  ])('is built where it does not: %s', async (message) => {
    expect(await built(message)).toBe('built');
  });
});

describe('an ignore command', () => {
  const run = (command: string) => {
    const script = `standard-variables::add() { BUILD_ENV+=(KOALACI_BRANCH=main); }
      lib::build_env() { export "\${BUILD_ENV[@]}"; }
      lib::end_command() { echo ended; }
      exec_as_build() { exec "$@"; }
      declare -a BUILD_ENV=()
      JOB[ignore_command]=$1 FACTS[project]=/tmp; nothing-to-build::by_command; echo "built in $PWD"`;
    return callSteps(['nothing-to-build.sh'], script, { words: [command], at: '/' });
  };

  it('that exits with 0 ends the build', async () => {
    const { stdout, exitCode } = await run('[ "$KOALACI_BRANCH $PWD" = "main /tmp" ]');
    expect(stdout).toMatch(/^ended\nskipped\nthe ignore command says/);
    expect(exitCode).toBe(1);
  });

  it('that exits with 1 does not, whatever it ran before', async () => {
    expect((await run('false; grep -q x /dev/null\nexit 1')).stdout).toBe('ended\nbuilt in /');
  });

  it('that fails otherwise does not either, and the log says so', async () => {
    expect((await run('exit 128')).stdout).toMatch(/ended with exit code 128, .*\nbuilt in \/$/);
  });

  it.each([[''], [' \n']])('that is empty (%j) is none', async (command) => {
    expect((await run(command)).stdout).toBe('built in /');
  });
});
