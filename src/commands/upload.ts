// koalaci upload: sends an artifact to the targets again.
import { uploadAgain } from '../archives/upload-again.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { printOutcomes, withTargets } from './releasing.js';
import { openSession } from './session.js';

export async function upload(text: string, flags: TokenFlag): Promise<void> {
  const session = openSession();
  const id = askedJob(session, text, flags);
  printOutcomes(
    await withTargets(session, ({ context, targets, options }) =>
      uploadAgain(context, targets, { id, options }),
    ),
  );
}
