import { expect, it } from 'vitest';
import { EngineError, engineError, isFailure, unless } from '../../../src/docker/errors.js';

/** Words of clients 20.10 and 28. */
it.each([
  ['gone', 'Error: No such container: koalaci-1'],
  ['gone', 'Error response from daemon: removal of container koalaci-1 is already in progress'],
  ['gone', 'Error: No such object: koalaci-1'],
  [
    'name_taken',
    'docker: Error response from daemon: Conflict. The container name "/a" is already in use by container "b".',
  ],
  ['name_taken', 'Error response from daemon: network with name koalaci already exists'],
  [
    'network_twins',
    'docker: Error response from daemon: network koalaci is ambiguous (2 matches found on name)',
  ],
  ['network_missing', 'docker: Error response from daemon: network koalaci not found.'],
  [
    'no_engine',
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  ],
  [
    'not_allowed',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix: connect: permission denied',
  ],
  ['image_missing', "Unable to find image 'koalaci:latest' locally"],
  ['image_missing', 'Error: No such image: koalaci:latest'],
  [
    'not_in_registry',
    'Error response from daemon: manifest for localhost:5000/a:b not found: manifest unknown',
  ],
  ['disk_full', 'write /var/lib/docker/tmp/x: no space left on device'],
  [
    'no_quota',
    "docker: Error response from daemon: --storage-opt is supported only for overlay over xfs with 'pquota' mount option.",
  ],
  ['too_many_cpus', 'Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available'],
  ['no_tls', 'Error response from daemon: Client sent an HTTP request to an HTTPS server.'],
  [
    'no_tls',
    'error during connect: Get "https://10.0.0.2:2376/v1.41/version": x509: certificate signed by unknown authority',
  ],
  [
    'no_tls',
    'Failed to initialize: unable to resolve docker endpoint: open /certs/ca.pem: no such file or directory',
  ],
  [
    'no_ssh',
    'error during connect: Get "http://docker.example.com/v1.50/containers/json": command [ssh -o ConnectTimeout=30 -T -l root -- box docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=ssh: connect to host box port 22: Connection refused',
  ],
  [
    'not_here',
    'docker: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /srv/site',
  ],
  ['other', 'something new'],
] as const)('reads %s out of %s', (failure, stderr) => {
  const error = engineError({ args: ['run'], stderr });
  expect(error.failure).toBe(failure);
  expect(error.kind).toBe('environment');
  expect(isFailure(error, failure)).toBe(true);
});

it('tells a missing command from a missing engine', () => {
  expect(engineError({ args: ['run'], stderr: '', code: 'ENOENT' }).failure).toBe('no_command');
});

it('is decided by docker’s words, never by our own or by another error of the same words', () => {
  expect(isFailure(new Error('no such container'), 'gone')).toBe(false);
  expect(isFailure(new EngineError('other', 'no such container'), 'gone')).toBe(false);
});

it('keeps docker’s last words where nothing else is known', () => {
  expect(engineError({ args: ['commit', 'x'], stderr: 'a\nb\nc\nd\n' }).message).toBe(
    'docker commit failed and said: b c d',
  );
  expect(engineError({ args: ['commit'], stderr: '' }).message).toBe(
    'docker commit failed and said: nothing',
  );
});

it('makes one failure an answer and leaves the others errors', () => {
  const gone = engineError({ args: ['rm'], stderr: 'No such container: a' });
  expect(unless('gone')(gone)).toBeUndefined();
  expect(() => unless('name_taken')(gone)).toThrow(gone);
});
