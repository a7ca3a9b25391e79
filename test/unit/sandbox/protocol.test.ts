import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LABEL } from '../../../src/docker/names.js';
import {
  checkProtocol,
  ENTRYPOINT,
  found,
  LOCAL_SOURCE,
  markerStart,
  PROTOCOL_VERSION,
  RUN_DIRECTORY,
} from '../../../src/sandbox/protocol.js';
import { callSteps } from '../../support/steps.js';

const CI = join(import.meta.dirname, '../../../ci');

it('has one version and the same paths here, in the steps and in the image', async () => {
  const script = 'printf "%s\\n" "$PROTOCOL_VERSION" "$SOURCE_MOUNT" "$RUN"';
  const { stdout } = await callSteps(['protocol.sh'], script);
  expect(stdout.split('\n')).toEqual([String(PROTOCOL_VERSION), LOCAL_SOURCE, RUN_DIRECTORY]);
  const dockerfile = readFileSync(join(CI, 'image/Dockerfile'), 'utf8');
  expect(/koalaci\.protocol=(\S+)/.exec(dockerfile)?.[1]).toBe(String(PROTOCOL_VERSION));
  expect(readFileSync(join(CI, ENTRYPOINT.replace('/koala/', '')), 'utf8')).toContain('main "$@"');
});

it('has one form of marker', async () => {
  const script = 'JOB[nonce]=abc; exec {CONTROL}>/dev/null; protocol::event finished';
  expect((await callSteps(['protocol.sh'], script)).stdout).toBe(`${markerStart('abc')}1`);
});

it('tells the steps what was found in the archive, whatever is in the values', async () => {
  const script = `exec {RUNNER}<&0; protocol::read_found; printf '%s|' "\${#WORDS[@]}"; printf '%s|' "\${WORDS[@]}"; cat`;
  const read = async (input: string) => (await callSteps(['protocol.sh'], script, { input })).stdout;
  expect(await read(`${found(['a b', '$(c)\\'])}rest`)).toBe('2|a b|$(c)\\|rest');
  expect(await read(`${found([])}rest`)).toBe('0||rest');
  expect((await callSteps(['protocol.sh'], script, { input: 'half' })).exitCode).toBe(1);
});

it('takes an image of its own version', () => {
  expect(() => checkProtocol('koalaci:latest', { [LABEL.protocol]: String(PROTOCOL_VERSION) })).not.toThrow();
});

it.each([
  ['0', /koalaci:latest speaks version 0 of the protocol, but this koalaci speaks version \d+$/],
  [undefined, /koalaci:latest speaks no version of the protocol/],
])('says of an image of version %s what to do', (version, message) => {
  const check = () => checkProtocol('koalaci:latest', version ? { [LABEL.protocol]: version } : {});
  expect(check).toThrow(
    expect.objectContaining({
      kind: 'environment',
      message: expect.stringMatching(message),
      remedy: 'Rebuild the image: sh ci/build.sh in the directory of koalaci.',
    }),
  );
});
