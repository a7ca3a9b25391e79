// What happens when standard output cannot be written: a full disk is said and ends in an exit code, a reader that left is not.
import { exitCodeOf, KoalaError, messageOf } from '../job/errors.js';

/**
 * Watches the process's output. In `koalaci … | head` the reader ends first, and writing fails: a build goes on, and that is
 * no failure. Where the output is lost otherwise, the command says so, and does not exit with 0.
 */
export function watchOutput(): void {
  process.stderr.on('error', () => {});
  let failure: KoalaError | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (failure || error.code === 'EPIPE') return;
    const lost = new KoalaError('environment', `the output could not be written: ${messageOf(error)}`, {
      remedy: 'Send it to a place that can be written and has space.',
    });
    failure = lost;
    // Loaded only now: it costs every command a few milliseconds.
    void import('./error.js').then(({ showError }) => showError(lost));
  });
  process.on('exit', () => {
    if (failure && !process.exitCode) process.exitCode = exitCodeOf(failure);
  });
}
