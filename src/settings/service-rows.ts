// Settings of the service: the data directory, Redis, tokens, the daemon.
import { parseCount } from '../job/quantity.js';
import { oneOf, parseRedis, parseSwitch, parseText } from './parsers.js';
import type { SettingRow } from './row.js';

export const SERVICE_ROWS = {
  home: {
    name: 'KOALACI_HOME',
    parse: parseText,
    defaultSays: '`/opt/koalaci` if writable, else `~/.local/share/koalaci`',
    says: 'artifacts, configuration, the private Redis',
    hostOnly: true,
  },
  xdgDataHome: {
    name: 'XDG_DATA_HOME',
    parse: parseText,
    defaultSays: '`~/.local/share`',
    says: 'holds the directory `koalaci` where `KOALACI_HOME` is not set and `/opt/koalaci` not writable',
    hostOnly: true,
  },
  redisUrl: {
    name: 'REDIS_URL',
    parse: parseRedis,
    says: 'a Redis of yours; without it koalaci runs a private one: a container without network, behind a unix socket',
    secret: 'password',
  },
  redisHost: {
    name: 'REDIS_HOST',
    parse: parseRedis,
    says: 'the same as a host, `host:port` or URL, where `REDIS_URL` is not set',
    secret: 'password',
    hostOnly: true,
  },
  jwtSecret: {
    name: 'JWT_SECRET',
    parse: parseText,
    defaultSays: 'from `koalaci init`',
    says: '32 bytes or more',
    secret: 'value',
  },
  token: {
    name: 'KOALACI_TOKEN',
    parse: parseText,
    defaultSays: 'from `koalaci init`',
    says: 'who you are',
    secret: 'value',
    hostOnly: true,
  },
  user: {
    name: 'USER',
    parse: parseText,
    default: 'koala',
    says: 'the `user_id` of new tokens, where `--user` does not name one',
    hostOnly: true,
  },
  userConcurrency: {
    name: 'KOALACI_USER_CONCURRENCY',
    parse: parseCount,
    defaultSays: '`--concurrency`',
    says: 'builds of one user at once, over all machines',
  },
  logLevel: {
    name: 'KOALACI_LOG',
    parse: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    default: 'info',
    says: 'what daemons log: `trace`, `debug`, `info`, `warn`, `error`, `silent`',
  },
  allowLocalSources: {
    name: 'KOALACI_ALLOW_LOCAL_SOURCES',
    parse: parseSwitch,
    default: '0',
    defaultSays: '',
    says: '`1`: repositories of the machine itself are built from the queue: all users are trusted',
  },
  callbackSecret: {
    name: 'KOALACI_CALLBACK_SECRET',
    parse: parseText,
    says: 'signs callbacks',
    secret: 'value',
  },
  callbackAllowPrivate: {
    name: 'KOALACI_CALLBACK_ALLOW_PRIVATE',
    parse: parseSwitch,
    default: '0',
    defaultSays: '',
    says: '`1`: callbacks may go into private networks',
  },
} as const satisfies Record<string, SettingRow>;
