// Artifacts wherever they are, as commands on this machine read them: here, or at the operator's targets.
import { Anywhere } from '../archives/anywhere.js';
import { artifactsAtHome, targetSettings } from './build-settings.js';
import type { Session } from './session.js';

export function anywhereOf(session: Session): Anywhere {
  return new Anywhere(artifactsAtHome(session), targetSettings(session).open);
}
