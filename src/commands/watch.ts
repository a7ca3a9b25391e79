// koalaci watch: shows what goes on, as it goes on; once, where nothing can be drawn.
import { setTimeout as delay } from 'node:timers/promises';
import type { Box } from '../store/box.js';
import { widthOf } from '../ui/cells.js';
import { drawBox } from '../ui/draw-box.js';
import { FRAME_MS } from '../ui/draw-step.js';
import { LiveRegion } from '../ui/live-region.js';
import { isOutputDrawn, outputPaint } from '../ui/paint.js';
import { print } from '../ui/print.js';
import type { Backend } from './backend/backend.js';
import { withBackend } from './backend/open.js';
import { onInterrupt } from './interrupt.js';
import type { Backed } from './named-service.js';

const LOOK_MS = 1_000;
const COLUMNS = 80;

export async function watch(flags: Backed): Promise<void> {
  await withBackend(flags, async (backend) => {
    const box = await backend.box();
    if (isOutputDrawn) await redraw(box, backend);
    else print(`${drawn(box, backend, Number.POSITIVE_INFINITY).join('\n')}\n`);
  });
}

/** Draws the box until it is interrupted. What was drawn last stays. */
async function redraw(first: Box, backend: Backend): Promise<void> {
  const { stdout } = process;
  let box = first;
  const region = new LiveRegion(stdout, widthOf);
  const lines = () => drawn(box, backend, (stdout.rows || 24) - 1);
  const draw = () => region.draw([], lines());
  const stop = new AbortController();
  using _ = onInterrupt(() => stop.abort());
  const timer = setInterval(draw, FRAME_MS);
  draw();
  while (!stop.signal.aborted) {
    await delay(LOOK_MS, undefined, { signal: stop.signal }).catch(() => {});
    // Redis or the service may be away for a moment: what was seen last stays.
    if (!stop.signal.aborted) box = await backend.box(stop.signal).catch(() => box);
  }
  clearInterval(timer);
  region.draw(lines(), []);
}

function drawn(box: Box, { seesAll: isOfAll }: Backend, rows: number): string[] {
  const columns = process.stdout.columns || COLUMNS;
  return drawBox(box, { columns, rows, now: Date.now(), paint: outputPaint, isOfAll });
}
