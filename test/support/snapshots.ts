// Waits for, and looks at, what a build leaves for the next one.
import { docker } from './docker.js';
import { until } from './until.js';

/** Name → id of the snapshots of a project of the user ann. */
export async function snapshotsOf(project: string): Promise<Record<string, string>> {
  const filters = ['--filter', `label=koalaci.project=${project}`, '--filter', 'label=koalaci.snapshot=1'];
  const lines = await docker('image', 'ls', '--no-trunc', ...filters, '--format', '{{.Tag}} {{.ID}}');
  return Object.fromEntries(
    lines
      .split('\n')
      .filter((line) => line && !line.startsWith('<none>'))
      .map((line) => line.split(' ')),
  );
}

/** Waits until no container of the project is being saved any more, `ms` at most. */
export async function saved(project: string, ms = 60_000): Promise<void> {
  const containers = ['ps', '--all', '--filter', `label=koalaci.project=${project}`];
  const left = () => docker(...containers, '--format', '{{.Names}} {{.Status}} on {{.Label "koalaci.base"}}');
  await until(
    async () => (await docker(...containers, '--quiet')) === '',
    ms,
    async () => `${await left()}\nsnapshots: ${JSON.stringify(await snapshotsOf(project))}`,
  );
}

/** Removes the snapshots of a project. Post-build work may still name or remove some: then it looks again. */
export async function forget(project: string): Promise<void> {
  await until(async () => {
    const names = Object.keys(await snapshotsOf(project)).map((tag) => `koalaci-snapshot:${tag}`);
    if (names.length > 0) await docker('image', 'rm', '--force', ...names).catch(() => {});
    return names.length === 0;
  }, 60_000);
}
