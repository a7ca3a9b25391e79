import { expect, it } from 'vitest';
import type { Ending } from '../../../src/job/ending.js';
import { withoutPlaces } from '../../../src/job/places.js';

const internal = (message: string, remedy?: string) =>
  ({ status: 'ERROR', reason: 'internal', message, ...(remedy ? { remedy } : {}) }) as Ending;

it.each([
  [
    "koalaci failed: ENOSPC: no space left on device, open '/opt/koalaci/artifacts/ann/x.partial'",
    "koalaci failed: ENOSPC: no space left on device, open '…'",
  ],
  ['dial unix /var/run/docker.sock: connect', 'dial unix …: connect'],
  ['at unix:///var/run/docker.sock', 'at …'],
  ['the Docker engine is not running', 'the Docker engine is not running'],
  ['see https://example.org/a/b, or 1/2', 'see https://example.org/a/b, or 1/2'],
])('of a failure of the machine, %j is shown as %j', (message, shown) => {
  expect(withoutPlaces(internal(message, message))).toEqual(internal(shown, shown));
});

it('the paths of a build stay', () => {
  const ending = { status: 'ERROR', reason: 'build_failed', message: 'no /workspace/a' } as Ending;
  expect(withoutPlaces(ending)).toEqual(ending);
});
