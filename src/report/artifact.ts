// What was shipped, by size. Pure.
import { showBytes, showFiles } from '../job/quantity.js';
import type { ArtifactInfo } from '../job/record.js';
import type { Contents } from './contents.js';
import type { Facts } from './facts.js';
import { html, type Markup } from './markup.js';
import { timeOf } from './summary.js';

export function artifactSection({ record, contents, showsPlaces }: Facts): Markup {
  const { artifact, status } = record;
  if (!artifact || status === 'BUILDING') return html``;
  return html`
<section aria-labelledby="artifact">
<h2 id="artifact">Artifact</h2>
<p>${sizeOf(artifact)}${artifact.removedAt !== undefined && html`, removed ${timeOf(artifact.removedAt)}: ${artifact.removedWhy}`}</p>
<dl>
${showsPlaces && html`<dt>file</dt><dd><code>${artifact.madeOnDemand ? artifact.manifest : artifact.path}</code></dd>`}
<dt>sha256</dt><dd><code>${artifact.sha256}</code></dd>
</dl>
${contents ? contentsTables(contents, artifact.bytes) : html`<p class="quiet">What is in it is not known here.</p>`}
</section>`;
}

function sizeOf({ files, bytes, archiveBytes }: ArtifactInfo): string {
  const packed = archiveBytes === undefined ? '' : `, ${showBytes(archiveBytes)} packed`;
  return `${showFiles(files)}, ${showBytes(bytes)}${packed}`;
}

function contentsTables({ kinds, largest }: Contents, all: number): Markup {
  return html`
<div class="beside">
${table(
  'By kind',
  'Kind',
  all,
  kinds.map(({ name, files, bytes }) => ({ name, more: showFiles(files), bytes })),
)}
${table(
  'Largest files',
  'File',
  all,
  largest.map(({ path, bytes }) => ({ name: path, bytes })),
)}
</div>`;
}

function table(
  caption: string,
  what: string,
  all: number,
  rows: { name: string; more?: string; bytes: number }[],
): Markup {
  return html`
<table>
<caption>${caption}</caption>
<thead class="unseen"><tr><th scope="col">${what}</th><th scope="col">Share</th><th scope="col">Size</th></tr></thead>
<tbody>${rows.map(
    ({ name, more, bytes }) => html`
<tr><th scope="row" class="path">${name}${more && html` <span class="quiet">${more}</span>`}</th><td class="share">${share(bytes, all)}</td><td class="figure">${showBytes(bytes)}</td></tr>`,
  )}
</tbody>
</table>`;
}

function share(bytes: number, all: number): Markup {
  const width = Math.max(0.5, Math.min(100, Number(((100 * bytes) / Math.max(1, all)).toFixed(2))));
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="rail" x="0" y="0" width="100" height="1"/><rect class="done" x="0" y="0" width="${width}" height="1"/></svg>`;
}
