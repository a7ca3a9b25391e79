// Chooses how a build is shown: drawn on a terminal, as lines, folded for a CI, or the bytes that it prints.
import type { BuildScreen } from './build-screen.js';
import { foldsFor } from './folds.js';
import { conventions, isScreen } from './paint.js';

export interface ScreenFlags {
  /** All output as it comes; it is the default where standard output is no terminal. */
  verbose?: boolean;
  /** The build's output as bytes, whatever is in them. */
  raw?: boolean;
}

/** Opens the screen for a build. Its module is loaded only now. */
export async function openScreen({ verbose = false, raw = false }: ScreenFlags = {}): Promise<BuildScreen> {
  if (isScreen && !raw) {
    const { LiveScreen } = await import('./live-screen.js');
    return new LiveScreen({ verbose });
  }
  const { PlainScreen } = await import('./plain-screen.js');
  return new PlainScreen({ raw, folds: foldsFor(conventions) });
}
