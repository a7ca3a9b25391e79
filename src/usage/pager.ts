// Shows a long text page by page, as git does: with PAGER, else with less, which leaves it on the screen.
import { spawnSync } from 'node:child_process';

/** Prints a text on standard output; through the pager where that is a terminal with fewer lines. */
export function showPages(text: string): void {
  const { stdout, env } = process;
  const isLong = stdout.isTTY && text.split('\n').length > stdout.rows;
  if (isLong && env.TERM !== 'dumb' && page(text, env.PAGER ?? 'less')) return;
  stdout.write(text);
}

/** Whether there is such a pager. `PAGER` is a command line of the user's own. */
function page(text: string, pager: string): boolean {
  if (pager === '' || pager === 'cat') return false;
  // F: not where all fits; R: colours; X: what was shown stays.
  const env = { LESS: 'FRX', ...process.env };
  const { status } = spawnSync('sh', ['-c', pager], {
    input: text,
    env,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  // 126 and 127: it cannot be run, or is not there.
  return status !== null && status < 126;
}
