// A page about a build, as one file that needs nothing else: what is known of it, and its log. It is made as it is read, since logs are
// large.
import { Readable } from 'node:stream';
import type { JobRecord } from '../job/record.js';
import { readLog } from '../store/log-reader.js';
import { artifactSection } from './artifact.js';
import { comparisonSection } from './comparison.js';
import { environmentSection } from './environment.js';
import { collectFacts, type Facts, type Sources } from './facts.js';
import { logSections } from './log.js';
import { html, Markup } from './markup.js';
import { pageFiles } from './page-files.js';
import { summary } from './summary.js';
import { shownTimes, timeLineSection } from './time-line.js';

/** Few: who reads the page slowly holds these. */
const CHUNKS = 4;

/** The page. It fails before its first byte, or not at all while Redis answers. */
export async function openReport(record: JobRecord, sources: Sources): Promise<Readable> {
  const facts = await collectFacts(record, sources);
  return Readable.from(bytesOf(pageOf(record, facts, sources)), { objectMode: false });
}

async function* bytesOf(parts: AsyncIterable<Markup>): AsyncGenerator<Buffer> {
  for await (const { text } of parts) yield Buffer.from(text);
}

async function* pageOf(record: JobRecord, facts: Facts, { redis }: Sources): AsyncGenerator<Markup> {
  const { step, steps = [] } = facts.record;
  const isOpen = record.status !== 'READY' && record.status !== 'QUEUED';
  yield opening(facts);
  const times = new Map(steps.map((one) => [one.step, shownTimes(one, facts)]));
  yield* logSections(readLog(redis, record, 0, CHUNKS), { open: isOpen ? step : undefined, times });
  yield closing(facts);
}

function opening(facts: Facts): Markup {
  const { style, policy } = pageFiles();
  const { deployment, status } = facts.record;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${deployment} · ${status}</title>
${wrapped('style', style)}
</head>
<body>
<a class="skip" href="#log">To the log</a>
<header>${summary(facts)}</header>
<main>
${timeLineSection(facts)}
<section id="log" aria-labelledby="log-heading">
<h2 id="log-heading">Log</h2>
<noscript><p>The log needs JavaScript, which is turned off here. “koalaci logs ${deployment}” prints it.</p></noscript>
${SEARCH}`;
}

const SEARCH = html`<form class="search" role="search">
<label for="search">Search the log</label>
<input id="search" type="search" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search" aria-describedby="found" placeholder="Search (press /)">
<button value="previous" aria-label="Previous line that was found">↑</button>
<button value="next" aria-label="Next line that was found">↓</button>
<output id="found" for="search" aria-live="polite"></output>
</form>`;

function closing(facts: Facts): Markup {
  return html`
</section>
${comparisonSection(facts)}
${artifactSection(facts)}
${environmentSection(facts)}
</main>
${wrapped('script', pageFiles().script)}
</body>
</html>
`;
}

/** A file of ours, as it is: its hash is in the policy. Neither has its own end tag in it. */
function wrapped(tag: 'style' | 'script', text: string): Markup {
  return new Markup(`<${tag}>${text}</${tag}>`);
}
