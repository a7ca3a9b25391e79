// The process that does the work after READY. Not a part of cli.ts, which would double the time until it has loaded.
import { postBuild } from './commands/post-build.js';

try {
  await postBuild();
} catch (error) {
  const { showError } = await import('./ui/error.js');
  showError(error);
  process.exitCode = 1;
}
