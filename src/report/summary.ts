// The head of a page: which build it is, how it ended, and why. Pure.
import { withoutPlaces } from '../job/places.js';
import { rfc3339 } from '../job/public-json.js';
import { showBytes, showDuration } from '../job/quantity.js';
import { durationOf, type JobRecord } from '../job/record.js';
import type { Status } from '../job/status.js';
import type { Facts } from './facts.js';
import { html, type Markup } from './markup.js';

const TIMES: Record<Status, string> = {
  ...{ QUEUED: 'waits for', BUILDING: 'builds for', READY: 'in' },
  ...{ ERROR: 'after', CANCELED: 'after' },
};

export function summary(facts: Facts): Markup {
  const { record, madeAt } = facts;
  const { deployment, project, branch, commit, createdAt, artifact, status, reusedFrom } = record;
  const took = showDuration(durationOf(record as JobRecord, madeAt));
  const time = TIMES[status];
  return html`
<p class="brand">koalaci · report</p>
<h1>${deployment} <span class="status ${status.toLowerCase()}">${status}</span></h1>
<p class="lead">${project}, ${branch}${commit && html` at <code>${commit.slice(0, 10)}</code>`} · ${time} ${took}${
    status === 'READY' && artifact && html` · ${showBytes(artifact.archiveBytes ?? artifact.bytes)}`
  } · ${timeOf(createdAt)}</p>
${reusedFrom && html`<p>It has the artifact of ${reusedFrom}, and was not built itself.</p>`}
${why(facts)}`;
}

/** A time that a program reads, too. */
export function timeOf(ms: number): Markup {
  const text = rfc3339(ms);
  return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 16)} UTC</time>`;
}

/** Why it failed: cause, lines that matter, what to do. */
function why({ record, showsPlaces }: Facts): Markup | undefined {
  const { status, reason } = record;
  if (reason === undefined || record.message === undefined) return undefined;
  const ending = {
    status,
    reason,
    message: record.message,
    ...(record.remedy ? { remedy: record.remedy } : {}),
  };
  const { message, remedy } = showsPlaces
    ? ending
    : withoutPlaces(ending as Parameters<typeof withoutPlaces>[0] & typeof ending);
  const {
    exitCode,
    steps = [],
    extract = [],
    fault,
  } = record as typeof record & { extract?: string[]; fault?: string };
  const where = steps.at(-1)?.step;
  return html`
<section class="why ${status.toLowerCase()}" aria-labelledby="why">
<h2 id="why">${message}</h2>
<p class="quiet">${reason}${where && `, in step ${where}`}${exitCode !== undefined && `, exit code ${exitCode}`}${fault && `, fault of the ${fault}`}</p>
${extract.length > 0 && html`<pre tabindex="0" aria-label="The lines that matter">${extract.join('\n')}</pre>`}
${remedy && html`<p>${remedy}</p>`}
</section>`;
}
