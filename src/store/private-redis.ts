// The private Redis: a container without a network, reached through a unix socket in the data directory.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { LABEL } from '../docker/names.js';
import { KoalaError } from '../job/errors.js';
import type { InstallationId } from '../job/identity.js';
import { makeDirectory, prepareHome } from '../settings/make-directory.js';
import { connect } from './connect.js';

const START_MS = 20_000;
/** sockaddr_un.sun_path holds 108 bytes with its final NUL (unix(7)). */
const SOCKET_PATH_BYTES = 107;

/**
 * Connects to the private Redis of a data directory, and starts it if needed. Two processes that start it at once get the
 * same one, because the engine gives a name to one container only.
 * @throws KoalaError `environment`; `bad_input` when the data directory cannot be made or written
 */
export async function connectPrivate(
  home: string,
  image: string,
  installation: InstallationId,
): Promise<Redis> {
  const directory = join(home, 'redis');
  const socket = join(directory, 'redis.sock');
  if (Buffer.byteLength(socket) > SOCKET_PATH_BYTES) {
    throw new KoalaError('environment', `the path of the private Redis is too long for a socket: ${socket}`, {
      remedy: 'Set KOALACI_HOME to a shorter path, or REDIS_URL to a Redis of yours.',
    });
  }
  const running = existsSync(socket) ? await connect({ socket }).catch(() => undefined) : undefined;
  if (running) return running;
  prepareHome(home);
  makeDirectory(directory, 0o700);
  // Only now: what talks to the engine costs every command more than all the rest.
  const { startPrivate } = await import('./start-private-redis.js');
  await startPrivate(directory, image, installation);
  return untilReady(socket);
}

async function untilReady(socket: string): Promise<Redis> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    try {
      const redis = await connect({ socket });
      await redis.ping();
      return redis;
    } catch (error) {
      if (performance.now() > deadline) {
        throw new KoalaError('environment', `the private Redis did not come up at ${socket}`, {
          remedy: `docker ps -a --filter label=${LABEL.redis} shows its container, docker logs what it said.`,
          cause: error,
        });
      }
      // Polling an outside process while it starts.
      await delay(50);
    }
  }
}
