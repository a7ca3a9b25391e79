// Chooses how a build is shown: drawn on a terminal, as lines, folded for a CI, or the bytes that it prints.
import type { JobRecord } from '../job/record.js';
import type { Screen } from '../runner/events.js';
import type { Facts } from './draw-summary.js';
import { isScreen } from './paint.js';

/** A screen for people: it also says what is known of a build that has ended. */
export interface BuildScreen extends Screen {
  add(record: Readonly<JobRecord>, facts: Facts): void;
}

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
  return new PlainScreen({ raw });
}
