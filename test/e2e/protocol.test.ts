import { afterAll, beforeAll, expect, it } from 'vitest';
import { docker } from '../support/docker.js';
import { Koalaci } from '../support/koalaci.js';
import { repoOf } from '../support/repo.js';

const MINUTES = 60_000;
const BUILDER = process.env.KOALACI_IMAGE || 'koalaci:latest';
const OTHER = `koalaci-test-protocol:${process.pid}`;

let koalaci: Koalaci;

beforeAll(async () => {
  koalaci = await Koalaci.open();
  const container = await docker('create', BUILDER, 'true');
  await docker('commit', '--change', 'LABEL koalaci.protocol=0', container, OTHER);
  await docker('rm', container);
}, 2 * MINUTES);

afterAll(async () => {
  await docker('image', 'rm', OTHER);
  await koalaci.close();
}, 2 * MINUTES);

it.each([
  ['a build', []],
  ['a build without its snapshot', ['--no-cache']],
])(
  'a builder image of another protocol is refused before %s, with the remedy',
  async (_, flags) => {
    const { exitCode, stderr } = await koalaci.build(await repoOf('static'), { id: 'other' }, flags, {
      KOALACI_IMAGE: OTHER,
    });
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(
      `the builder image ${OTHER} speaks version 0 of the protocol, but this koalaci speaks version`,
    );
    expect(stderr).toMatch('Rebuild the image: sh ci/build.sh in the directory of koalaci.');
    expect(await docker('ps', '--all', '--quiet', '--filter', `ancestor=${OTHER}`)).toBe('');
  },
  2 * MINUTES,
);

it('is found by the doctor too', async () => {
  const { exitCode, stdout } = await koalaci.run(['doctor'], { env: { KOALACI_IMAGE: OTHER } });
  expect(exitCode).toBe(5);
  expect(stdout).toMatch(/✖ image .*speaks version 0 of the protocol.*\n.*ci\/build\.sh/);
});
