// Settings of the machine: certificates, the image, the docker command. What only scripts in ci/ read is here
// too, or its name would be refused as unknown.
import { parsePort, parseSwitch, parseText } from './parsers.js';
import type { SettingRow } from './row.js';

export const MACHINE_ROWS = {
  extraCaCerts: {
    name: 'KOALACI_EXTRA_CA_CERTS',
    parse: parseText,
    defaultSays: '`NODE_EXTRA_CA_CERTS`',
    says: 'a PEM bundle that git, node, npm, yarn, pnpm, bun and curl trust in builds, without being baked in',
    hostOnly: true,
  },
  nodeExtraCaCerts: {
    name: 'NODE_EXTRA_CA_CERTS',
    parse: parseText,
    says: "Node's own variable; builds trust what it names, where `KOALACI_EXTRA_CA_CERTS` is not set",
    hostOnly: true,
  },
  image: { name: 'KOALACI_IMAGE', parse: parseText, default: 'koalaci:latest', says: 'the builder image' },
  baseImage: {
    name: 'KOALACI_BASE_IMAGE',
    parse: parseText,
    default: 'debian:bookworm-slim',
    says: 'what the image is built on',
    hostOnly: true,
  },
  npmRegistry: {
    name: 'KOALACI_NPM_REGISTRY',
    parse: parseText,
    default: 'https://registry.npmjs.org',
    says: 'where the image gets Node and the package managers',
    secret: 'password',
    hostOnly: true,
  },
  verbose: {
    name: 'KOALACI_VERBOSE',
    parse: parseSwitch,
    default: '0',
    defaultSays: '',
    says: '`1`: `ci/build.sh` prints all that the image build prints',
    hostOnly: true,
  },
  docker: {
    name: 'KOALACI_DOCKER',
    parse: parseText,
    default: 'docker',
    says: 'the docker command',
    hostOnly: true,
  },
  port: {
    name: 'KOALACI_PORT',
    parse: parsePort,
    default: '8081',
    says: 'the port of this machine at which `compose.yml` offers the daemon',
    hostOnly: true,
  },
} as const satisfies Record<string, SettingRow>;
