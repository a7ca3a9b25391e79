// koalaci config: shows the settings in effect, and where each comes from.
import { printableJson } from '../job/printable.js';
import { configFile, readConfig } from '../settings/config.js';
import { effectiveSettings } from '../settings/show.js';
import { print, say } from '../ui/print.js';
import { drawTable } from '../ui/table.js';
import { inspectSession } from './session.js';

/** What "koalaci init" stores, by the settings that win over it. */
const STORED = { JWT_SECRET: 'secret', KOALACI_TOKEN: 'token', KOALACI_SIGNING_KEY: 'signing_key' } as const;

interface ShownSetting {
  name: string;
  /** Masked if it is secret; null without a value. */
  value: string | null;
  /** `environment`, `default`, or the path of the file. */
  from: string;
}

export function config(flags: { json?: boolean }): void {
  const { env, home, problems } = inspectSession();
  const stored = readConfig(home);
  const file = configFile(home);
  const shown = effectiveSettings(env).map(({ name, value, set }): ShownSetting => {
    if (set) return { name, value, from: 'environment' };
    const field = STORED[name as keyof typeof STORED];
    if (field && stored?.[field]) return { name, value: '***', from: file };
    if (name === 'KOALACI_HOME') return { name, value: home, from: 'default' };
    return { name, value: value === '' || field ? null : value, from: 'default' };
  });
  for (const { message } of problems) say(`koalaci: warning: ${message}\n`);
  print(flags.json ? `${printableJson(shown)}\n` : `${draw(shown).join('\n')}\n`);
}

function draw(shown: ShownSetting[]): string[] {
  const rows = shown.map(({ name, value, from }) => [name, from, value ?? '']);
  return drawTable([['setting', 'from', 'value'], ...rows]);
}
