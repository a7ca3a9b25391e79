// The log in a page: a section for each step, in which the lines are packed. The page's script unpacks what is seen.
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { Step } from '../job/status.js';
import type { LogPart } from '../store/log-reader.js';
import { type LogPiece, piecesOfLog } from './log-pieces.js';
import { html, type Markup } from './markup.js';

const deflate = promisify(deflateRaw);
/** Of a long log it takes a third of the time of zlib's own, and a page that is a tenth larger. */
const LEVEL = 4;

export interface LogSections {
  /** The step that is open: the one that failed, or runs. */
  open: Step | undefined;
  /** How long each step took, as the page says it. */
  times: ReadonlyMap<string, string>;
}

/** The sections, one after the other, as they are made. */
export async function* logSections(
  parts: AsyncIterable<LogPart>,
  options: LogSections,
): AsyncGenerator<Markup> {
  let step: Step | '' | undefined;
  for await (const piece of piecesOfLog(parts)) {
    if (piece.step !== step) {
      if (step !== undefined) yield closing();
      step = piece.step;
      yield opening(step, options);
    }
    yield await packed(piece);
  }
  yield step === undefined ? html`<p class="quiet">There is no log.</p>` : closing();
}

function opening(step: Step | '', { open, times }: LogSections): Markup {
  const name = step || 'koalaci';
  // What koalaci itself says is short. Of a step that is open, the end is what counts.
  const state = step === '' ? html` open` : step === open && html` open data-end`;
  return html`
<details class="step"${state}>
<summary><h3>${name}</h3> <span class="quiet"><span>${times.get(step)}</span> <span class="count"></span></span></summary>
<div class="lines" tabindex="0" role="region" aria-label="Lines of ${name}"></div>`;
}

function closing(): Markup {
  return html`
</details>`;
}

async function packed({ first, lines, sgr, data }: LogPiece): Promise<Markup> {
  const text = (await deflate(data, { level: LEVEL })).toString('base64');
  return html`
<script type="text/plain" data-first="${first}" data-lines="${lines}" data-sgr="${codesOf(sgr)}">${text}</script>`;
}

/** Controls do not stand in attributes as they are. */
function codesOf(sgr: string): string {
  return sgr.replaceAll('\u001b', '');
}
