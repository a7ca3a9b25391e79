// koalaci completion: prints what a shell has to read so that it completes the words of koalaci.
import { KoalaError } from '../job/errors.js';
import { nearest } from '../job/nearest.js';
import { print } from '../ui/print.js';
import { completionScript, SHELLS } from '../usage/completion-scripts.js';

export function completion(shell: string): void {
  const script = completionScript(shell);
  if (script === undefined) throw unknown(shell);
  print(script);
}

function unknown(shell: string): KoalaError {
  const meant = nearest(shell, SHELLS);
  return new KoalaError('bad_input', `there is no completion for the shell ${JSON.stringify(shell)}`, {
    remedy: meant ? `Did you mean ${meant}?` : `There is one for ${SHELLS.join(', ')}.`,
  });
}
