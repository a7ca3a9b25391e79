// The process that says of an artifact what it was built from. Not a part of cli.ts, which would double the time until it has loaded.
import { prove } from './commands/prove.js';

try {
  await prove();
} catch (error) {
  const { showError } = await import('./ui/error.js');
  showError(error);
  process.exitCode = 1;
}
