// Settings of the service: the data directory, Redis, tokens, the daemon.
import { parseBytes, parseCount } from '../job/quantity.js';
import { oneOf, parseHttpUrl, parseRedis, parseSwitch, parseText } from './parsers.js';
import type { SettingRow } from './row.js';
import { parseSigningKey } from './signing-key.js';

export const SERVICE_ROWS = {
  home: {
    name: 'KOALACI_HOME',
    parse: parseText,
    defaultSays: '`/opt/koalaci` if writable, else `~/.local/share/koalaci`',
    says: 'the data directory: artifacts, configuration, the private Redis',
    hostOnly: true,
  },
  xdgDataHome: {
    name: 'XDG_DATA_HOME',
    parse: parseText,
    defaultSays: '`~/.local/share`',
    says: 'contains the data directory `koalaci`, if `KOALACI_HOME` is not set and `/opt/koalaci` is not writable',
    hostOnly: true,
  },
  redisUrl: {
    name: 'REDIS_URL',
    parse: parseRedis,
    says: 'your Redis; without it, koalaci runs a private one in a container without network, behind a unix socket',
    secret: 'password',
  },
  redisHost: {
    name: 'REDIS_HOST',
    parse: parseRedis,
    says: 'your Redis as a host, `host:port` or URL, if `REDIS_URL` is not set',
    secret: 'password',
    hostOnly: true,
  },
  jwtSecret: {
    name: 'JWT_SECRET',
    parse: parseText,
    defaultSays: 'from `koalaci init`',
    says: 'signs and verifies tokens; 32 bytes or more, without which `serve` listens on this machine only',
    secret: 'value',
  },
  signingKey: {
    name: 'KOALACI_SIGNING_KEY',
    parse: parseSigningKey,
    defaultSays: 'from `koalaci init`',
    says: 'signs what koalaci says of artifacts, see [Provenance](#provenance); the same on all machines',
    secret: 'value',
  },
  server: {
    name: 'KOALACI_SERVER',
    parse: parseText,
    defaultSays: 'from `koalaci login`',
    says: 'the address of a service that commands ask, in place of this machine; see [From another machine](#from-another-machine)',
    hostOnly: true,
  },
  xdgConfigHome: {
    name: 'XDG_CONFIG_HOME',
    parse: parseText,
    defaultSays: '`~/.config`',
    says: 'contains the directory `koalaci`, with what `koalaci login` has stored',
    hostOnly: true,
  },
  token: {
    name: 'KOALACI_TOKEN',
    parse: parseText,
    defaultSays: 'from `koalaci init` or `koalaci login`',
    says: 'your token',
    secret: 'value',
    hostOnly: true,
  },
  user: {
    name: 'USER',
    parse: parseText,
    default: 'koala',
    says: 'the `user_id` of new tokens without `--user`',
    hostOnly: true,
  },
  userConcurrency: {
    name: 'KOALACI_USER_CONCURRENCY',
    parse: parseCount,
    defaultSays: '`--concurrency`',
    says: 'builds of one user at once, on all machines together',
  },
  userQueued: {
    name: 'KOALACI_USER_QUEUED',
    parse: parseCount,
    default: '1000',
    says: 'jobs of one user that are queued or building, over HTTP; a token may say otherwise',
  },
  userFollowers: {
    name: 'KOALACI_USER_FOLLOWERS',
    parse: parseCount,
    default: '1000',
    says: 'logs that one user follows, or reads as a whole, and artifacts that they fetch, at once, in one process; a token may say otherwise',
  },
  userRequests: {
    name: 'KOALACI_USER_REQUESTS',
    parse: parseCount,
    default: '6000',
    says: 'requests of one user in a minute, to one process; a token may say otherwise',
  },
  userLogs: {
    name: 'KOALACI_USER_LOGS',
    parse: parseBytes,
    default: '1g',
    says: 'bytes of logs and records of one user in Redis, over HTTP; a token may say otherwise',
  },
  userArtifacts: {
    name: 'KOALACI_USER_ARTIFACTS',
    parse: parseBytes,
    default: '50g',
    says: 'bytes of packed artifacts of one user whose records are kept, over HTTP; a token may say otherwise',
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
    says: '`1`: queued jobs may build repositories on the machine itself, so you trust all users',
  },
  callbackSecret: {
    name: 'KOALACI_CALLBACK_SECRET',
    parse: parseText,
    says: 'from it derive the keys that sign callbacks; without it, jobs with a `callback_url` are refused',
    secret: 'value',
  },
  publicUrl: {
    name: 'KOALACI_PUBLIC_URL',
    parse: parseHttpUrl,
    says: 'the address at which `serve` is reached from outside, such as `https://builds.example.com`: callbacks name artifacts by it',
  },
  callbackAllowPrivate: {
    name: 'KOALACI_CALLBACK_ALLOW_PRIVATE',
    parse: parseSwitch,
    default: '0',
    defaultSays: '',
    says: '`1`: callbacks may go into private networks, and to this machine',
  },
  artifactUrl: {
    name: 'KOALACI_ARTIFACT_URL',
    parse: oneOf('off', 'public', 'private'),
    default: 'off',
    says: 'where to a job may have its artifact sent, with `artifact_url`: `off`, nowhere; `public`, to public addresses; `private`, also into private networks, and to this machine; see [Sent to an address](#sent-to-an-address)',
  },
} as const satisfies Record<string, SettingRow>;
