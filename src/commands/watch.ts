// koalaci watch: shows what goes on, as it goes on; once, where nothing can be drawn.
import { type Box, lookAtBox } from '../store/box.js';
import { widthOf } from '../ui/cells.js';
import { drawBox } from '../ui/draw-box.js';
import { FRAME_MS } from '../ui/draw-step.js';
import { LiveRegion } from '../ui/live-region.js';
import { isOutputDrawn, outputPaint } from '../ui/paint.js';
import { print } from '../ui/print.js';
import { identify, type TokenFlag } from './authenticate.js';
import { onInterrupt } from './interrupt.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

const LOOK_MS = 1_000;
const MOST_ENDED = 20;
const COLUMNS = 80;

export async function watch(flags: TokenFlag): Promise<void> {
  const session = openSession();
  const { user, isAdmin } = identify(session, flags);
  await withRedis(session, async (redis) => {
    const look = () => lookAtBox(redis, isAdmin ? 'all' : user, MOST_ENDED);
    const box = await look();
    if (!isOutputDrawn) return print(`${drawn(box, isAdmin, Number.POSITIVE_INFINITY).join('\n')}\n`);
    await redraw(box, look, isAdmin);
  });
}

/** Draws the box until it is interrupted. What was drawn last stays. */
async function redraw(first: Box, look: () => Promise<Box>, isAdmin: boolean): Promise<void> {
  const { stdout } = process;
  let box = first;
  const region = new LiveRegion(stdout, widthOf);
  const draw = () => region.draw([], drawn(box, isAdmin, (stdout.rows || 24) - 1));
  const timer = setInterval(draw, FRAME_MS);
  const looking = setInterval(async () => {
    // Redis may be away for a moment: what was seen last stays.
    box = await look().catch(() => box);
  }, LOOK_MS);
  draw();
  await new Promise<void>((resolve) => {
    const interrupt = onInterrupt(() => {
      interrupt[Symbol.dispose]();
      resolve();
    });
  });
  clearInterval(timer);
  clearInterval(looking);
  region.draw(drawn(box, isAdmin, (stdout.rows || 24) - 1), []);
}

function drawn(box: Box, isOfAll: boolean, rows: number): string[] {
  const columns = process.stdout.columns || COLUMNS;
  return drawBox(box, { columns, rows, now: Date.now(), paint: outputPaint, isOfAll });
}
