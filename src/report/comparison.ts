// The build beside earlier ones of its project: in a sentence, and in figures. Pure.
import { showBytes, showDuration } from '../job/quantity.js';
import type { RecordFields } from '../job/record.js';
import { STEPS, type Step } from '../job/status.js';
import type { Built } from './earlier.js';
import type { Facts } from './facts.js';
import { html, type Markup } from './markup.js';
import { timeOf } from './summary.js';

/** Less than that is chance. */
const LEAST_DIFFERENCE = 0.05;

/** What a step has usually taken: the median, of those builds that did not skip it. */
export function usualMs(step: Step, builds: readonly RecordFields[]): number | undefined {
  return median(builds.map((one) => stepMs(one, step)).filter((ms) => ms !== undefined));
}

export function comparisonSection({ record, earlier }: Facts): Markup {
  if (earlier.length === 0) return html``;
  const builds: RecordFields[] = [record, ...earlier];
  const steps = STEPS.filter((step) => builds.some((one) => stepMs(one, step) !== undefined));
  return html`
<section aria-labelledby="comparison">
<h2 id="comparison">Beside earlier builds</h2>
<p>${sentences(record, earlier).join(' ') || `Earlier builds of ${record.project} that became READY:`}</p>
<div class="wide" tabindex="0" role="region" aria-labelledby="comparison">
<table>
<thead><tr><th scope="col">Build</th><th scope="col" class="figure">Time</th><th scope="col" class="figure">Size</th>${steps.map(
    (step) => html`<th scope="col" class="figure">${step}</th>`,
  )}<th scope="col">Branch</th><th scope="col">Commit</th><th scope="col">Created</th></tr></thead>
<tbody>${builds.map((one) => row(one, steps, one === record))}
</tbody>
</table>
</div>
</section>`;
}

/** How it differs from what is usual. */
export function sentences(record: RecordFields, earlier: readonly Built[]): string[] {
  if (record.status !== 'READY') return [];
  const said: string[] = [];
  const usual = median(earlier.map(allMs).filter((ms) => ms !== undefined));
  const own = allMs(record);
  if (own !== undefined && usual !== undefined)
    said.push(`It took ${showDuration(own)}, ${compared(own, usual)} the usual ${showDuration(usual)}.`);
  const [now, before] = [record, earlier[0]].map((one) => bytesOf(one));
  if (now !== undefined && before !== undefined)
    said.push(
      `Its artifact has ${showBytes(now)}, ${compared(now, before)} the ${showBytes(before)} of ${earlier[0]?.deployment}.`,
    );
  return said;
}

function row(one: RecordFields, steps: Step[], isThis: boolean): Markup {
  const { deployment, branch, commit, createdAt } = one;
  const bytes = bytesOf(one);
  const time = (ms: number | undefined) =>
    html`<td class="figure">${ms === undefined ? '–' : showDuration(ms)}</td>`;
  return html`
<tr ${isThis && html`class="this"`}><th scope="row">${deployment}${isThis && html` <span class="quiet">(this one)</span>`}</th>${time(allMs(one))}<td class="figure">${bytes === undefined ? '–' : showBytes(bytes)}</td>${steps.map(
    (step) => time(stepMs(one, step)),
  )}<td>${branch}</td><td><code>${commit?.slice(0, 10)}</code></td><td>${timeOf(createdAt)}</td></tr>`;
}

/** `12 % more than`, or `about` where there is hardly a difference. */
function compared(now: number, before: number): string {
  const by = before > 0 ? now / before - 1 : 0;
  if (Math.abs(by) < LEAST_DIFFERENCE) return 'about';
  return `${Math.round(Math.abs(by) * 100)} % ${by < 0 ? 'less' : 'more'} than`;
}

function stepMs({ steps = [] }: RecordFields, step: Step): number | undefined {
  const times = steps.find((one) => one.step === step);
  if (times?.endedAt === undefined || times.skipped) return undefined;
  return times.endedAt - times.startedAt;
}

function allMs({ startedAt, endedAt }: RecordFields): number | undefined {
  return startedAt === undefined || endedAt === undefined ? undefined : endedAt - startedAt;
}

function bytesOf(record: RecordFields | undefined): number | undefined {
  return record?.artifact?.archiveBytes ?? record?.artifact?.bytes;
}

function median(numbers: number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
