// Settings of reuse: whether a READY build stands for a job with the same inputs, for how long, and how often that is checked.
import { parseCount } from '../job/quantity.js';
import { oneOf, orOff, parseAge } from './parsers.js';
import type { SettingRow } from './row.js';

export const REUSE_ROWS = {
  reuse: {
    name: 'KOALACI_REUSE',
    parse: oneOf('off', 'same', 'related'),
    // A deploy hook on the same commit often means that content elsewhere has changed.
    default: 'off',
    says: 'what `reuse` is for jobs that do not say: `off`, `same` or `related`; see [Reuse](#reuse)',
  },
  reuseTtlMs: {
    name: 'KOALACI_REUSE_TTL',
    parse: parseAge,
    // Time and network are inputs too. What a registry answers for a range holds for a day as well.
    default: '1d',
    says: 'how long a build can be reused',
  },
  reuseAudit: {
    name: 'KOALACI_REUSE_AUDIT',
    parse: orOff(parseCount, 0),
    default: '50',
    says: 'one in so many jobs that could reuse a build is built all the same, and compared with it; `off` for none',
  },
} as const satisfies Record<string, SettingRow>;
