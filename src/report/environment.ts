// What a build was built from and with. Of its variables there are only the names. Pure.
import { rfc3339 } from '../job/public-json.js';
import type { Facts } from './facts.js';
import { html, type Markup, type Part } from './markup.js';

export function environmentSection({ record, showsPlaces, madeAt }: Facts): Markup {
  const { repo, branch, commit, environment, variables, refusedScripts, runner, user, attempt } = record;
  const rows: [string, Part][] = [
    ['repository', repo],
    ['branch', branch],
    ['commit', commit && html`<code>${commit}</code>`],
    ['toolchain', toolchain(record)],
    ['environment', environment],
    ['variables', variables?.join(', ')],
    ['scripts not run', refusedScripts?.join(', ')],
    ['user', user],
    ['runner', showsPlaces && runner],
    ['attempt', attempt],
    ['report made', rfc3339(madeAt)],
  ];
  return html`
<section aria-labelledby="environment">
<h2 id="environment">Environment</h2>
<dl>${rows.map(
    ([name, value]) =>
      value &&
      html`
<dt>${name}</dt><dd>${value}</dd>`,
  )}
</dl>
</section>`;
}

/** Its note says where each version is asked for. */
function toolchain({ steps = [], node, manager }: Facts['record']): string | undefined {
  const { note } = steps.find(({ step }) => step === 'toolchain') ?? {};
  return note ?? ([node && `node ${node}`, manager].filter(Boolean).join(', ') || undefined);
}
