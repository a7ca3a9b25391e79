import { expect, it } from 'vitest';
import { openLogger } from '../../../src/telemetry/logger.js';

it('logs from the level that is asked for', () => {
  const log = openLogger('warn');
  expect([log.isLevelEnabled('info'), log.isLevelEnabled('warn')]).toEqual([false, true]);
});
