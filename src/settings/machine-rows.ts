// Settings of the machine: certificates, the image, the docker command. Variables that only scripts in ci/ read have a
// row too, because koalaci refuses unknown names.
import { parseDuration } from '../job/quantity.js';
import { parsePort, parseSwitch, parseText } from './parsers.js';
import type { SettingRow } from './row.js';

export const MACHINE_ROWS = {
  extraCaCerts: {
    name: 'KOALACI_EXTRA_CA_CERTS',
    parse: parseText,
    defaultSays: '`NODE_EXTRA_CA_CERTS`',
    says: 'a PEM bundle that git, node, npm, yarn, pnpm, bun and curl trust in builds; it never becomes part of an image',
    hostOnly: true,
  },
  nodeExtraCaCerts: {
    name: 'NODE_EXTRA_CA_CERTS',
    parse: parseText,
    says: "Node's own variable; builds trust the bundle that it names, if `KOALACI_EXTRA_CA_CERTS` is not set",
    hostOnly: true,
  },
  credentials: {
    name: 'KOALACI_CREDENTIALS',
    parse: parseText,
    says: 'a file of credentials for git servers, for jobs that carry none; see [Private repositories](#private-repositories)',
  },
  httpProxy: {
    name: 'HTTP_PROXY',
    also: 'http_proxy',
    parse: parseText,
    defaultSays: "docker's",
    says: 'the proxy for `http:` in every step of a build, and in the image build; see [Proxies](#proxies)',
    secret: 'password',
  },
  httpsProxy: {
    name: 'HTTPS_PROXY',
    also: 'https_proxy',
    parse: parseText,
    defaultSays: "docker's",
    says: 'the one for `https:`',
    secret: 'password',
  },
  allProxy: {
    name: 'ALL_PROXY',
    also: 'all_proxy',
    parse: parseText,
    defaultSays: "docker's",
    says: 'the one for what the other two do not name',
    secret: 'password',
  },
  noProxy: {
    name: 'NO_PROXY',
    also: 'no_proxy',
    parse: parseText,
    defaultSays: "docker's",
    says: 'hosts that are reached without a proxy',
  },
  image: { name: 'KOALACI_IMAGE', parse: parseText, default: 'koalaci:latest', says: 'the builder image' },
  baseImage: {
    name: 'KOALACI_BASE_IMAGE',
    parse: parseText,
    default: 'debian:bookworm-slim',
    says: 'the base image of the builder image',
    hostOnly: true,
  },
  npmRegistry: {
    name: 'KOALACI_NPM_REGISTRY',
    parse: parseText,
    default: 'https://registry.npmjs.org',
    says: 'the registry from which the image build gets Node and the package managers',
    secret: 'password',
    hostOnly: true,
  },
  verbose: {
    name: 'KOALACI_VERBOSE',
    parse: parseSwitch,
    default: '0',
    defaultSays: '',
    says: '`1`: `ci/build.sh` prints the whole output of the image build',
    hostOnly: true,
  },
  docker: {
    name: 'KOALACI_DOCKER',
    parse: parseText,
    default: 'docker',
    says: 'the docker command',
    hostOnly: true,
  },
  engineTimeout: {
    name: 'KOALACI_ENGINE_TIMEOUT',
    parse: parseDuration,
    // As long as a container waits for its job. Disks that are slow and busy take some ten seconds to make one.
    default: '2m',
    says: 'how long the Docker engine may take to answer, or to run a container; then a queued job is put off',
  },
  port: {
    name: 'KOALACI_PORT',
    parse: parsePort,
    default: '8081',
    says: 'the port on which `compose.yml` publishes the daemon',
    hostOnly: true,
  },
} as const satisfies Record<string, SettingRow>;
