// The steps of a build as bars in time, and what each of them usually takes. Pure.
import { showDuration } from '../job/quantity.js';
import type { StepTimes } from '../job/record.js';
import { usualMs } from './comparison.js';
import type { Facts } from './facts.js';
import { html, type Markup } from './markup.js';

export function timeLineSection(facts: Facts): Markup {
  const { steps = [] } = facts.record;
  if (steps.length === 0) return html``;
  const usual = facts.earlier.length > 0;
  return html`
<section aria-labelledby="time-line">
<h2 id="time-line">Steps</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="time-line">
<table class="steps">
<thead><tr><th scope="col">Step</th><th scope="col" class="bars"><span class="unseen">When</span></th><th scope="col" class="figure">Time</th>${
    usual && html`<th scope="col" class="figure">Usually</th>`
  }<th scope="col" class="note">What</th></tr></thead>
<tbody>${steps.map((one) => row(one, facts, usual))}
</tbody>
</table>
</div>
</section>`;
}

/** How long a step took, in words. */
export function shownTimes(one: StepTimes, facts: Pick<Facts, 'record' | 'madeAt'>): string {
  return `${isFailed(one, facts.record) ? 'failed after ' : ''}${timeOf(one, facts.madeAt)}`;
}

function row(one: StepTimes, facts: Facts, usual: boolean): Markup {
  const { step, skipped, note } = one;
  const failed = isFailed(one, facts.record) && html` <span class="error">failed</span>`;
  return html`
<tr><th scope="row">${step}${failed}</th><td class="bars">${bar(one, facts)}</td><td class="figure">${timeOf(one, facts.madeAt)}</td>${
    usual && html`<td class="figure">${usualTime(one, facts)}</td>`
  }<td class="note">${note ?? (skipped && 'nothing to do')}</td></tr>`;
}

function timeOf({ startedAt, endedAt, skipped }: StepTimes, now: number): string {
  if (skipped) return 'skipped';
  return `${showDuration((endedAt ?? now) - startedAt)}${endedAt === undefined ? ' so far' : ''}`;
}

function usualTime({ step }: StepTimes, { earlier }: Facts): string {
  const ms = usualMs(step, earlier);
  return ms === undefined ? '–' : showDuration(ms);
}

/** Where the step is between the start of the first one and the end of the last one. */
function bar(one: StepTimes, { record, madeAt }: Facts): Markup {
  const { steps = [], endedAt } = record;
  const start = steps[0]?.startedAt ?? 0;
  const all = Math.max(1, (endedAt ?? madeAt) - start);
  const percent = (ms: number) => Number(((100 * ms) / all).toFixed(2));
  const from = Math.min(percent(one.startedAt - start), 99.5);
  const width = Math.max(0.5, Math.min(percent((one.endedAt ?? madeAt) - one.startedAt), 100 - from));
  const kind = one.skipped ? 'skipped' : isFailed(one, record) ? 'failed' : 'done';
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="rail" x="0" y="0" width="100" height="1"/><rect class="${kind}" x="${from}" y="0" width="${width}" height="1"/></svg>`;
}

/** A build ends with the step that fails. */
function isFailed(one: StepTimes, { status, steps = [] }: Facts['record']): boolean {
  return status === 'ERROR' && steps.at(-1)?.step === one.step;
}
