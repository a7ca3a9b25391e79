// What the doctor looks at of networks: that of the builds, the firewall before it, the registries.
import { execa } from 'execa';
import { engineInfo } from '../docker/engine-info.js';
import { pullImage } from '../docker/image.js';
import { NETWORK } from '../docker/names.js';
import { bridgeOf, ensureNetwork } from '../docker/network.js';
import { type Examination, type Finding, quoted } from './finding.js';
import { isEngineHere } from './machine.js';

export async function lookAtNetwork(): Promise<string> {
  await ensureNetwork();
  return NETWORK;
}

/** What builds should reach least: the metadata of a cloud, and what is behind this machine. */
const PRIVATE = ['169.254.0.0/16', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

export async function lookAtFirewall(): Promise<Finding[]> {
  const ok = (found: string): Finding[] => [{ check: 'firewall', level: 'ok', found }];
  if (!(await isEngineHere(await engineInfo()))) return ok('not looked at: the engine is elsewhere');
  if (process.getuid?.() !== 0) return ok('not looked at: only root may (sudo koalaci doctor)');
  const { stdout, failed } = await execa('iptables', ['-S'], { reject: false });
  if (failed) return ok('not looked at: this machine has no iptables');
  return firewallFindings(stdout.split('\n'), await bridgeOf(NETWORK));
}

/** What the rules of a firewall let builds reach. `rules`: as `iptables -S` prints them. Pure. */
export function firewallFindings(
  rules: string[],
  { bridge, subnet }: { bridge: string; subnet: string },
): Finding[] {
  const isOfBuilds = (rule: string) => rule.includes(bridge) || rule.includes(subnet);
  if (!rules.some(isOfBuilds))
    return [
      {
        ...{
          check: 'firewall',
          level: 'error',
          found: `the firewall has no rule for the network of the builds (${bridge}): they reach each other`,
        },
        remedy: 'Start the engine without iptables=false, or again if something has emptied its rules.',
        commands: ['sudo systemctl restart docker'],
      },
    ];
  const own = rules.filter(
    (rule) => /^-A (DOCKER-USER|FORWARD) /.test(rule) && /-j (DROP|REJECT)/.test(rule),
  );
  // A rule for all addresses, or for those of the builds, that names where they may not go.
  const keepsOut = own.some((rule) => / -d /.test(rule) && (isOfBuilds(rule) || !/ -[is] /.test(rule)));
  if (keepsOut) return [{ check: 'firewall', level: 'ok', found: 'builds are kept from some addresses' }];
  return [
    {
      ...{
        check: 'firewall',
        level: 'warning',
        found: 'builds reach the private networks around this machine, and the metadata of a cloud',
      },
      remedy: 'Keep them out if there is something that strangers must not reach.',
      commands: PRIVATE.map((range) => `sudo iptables -I DOCKER-USER -i ${bridge} -d ${range} -j DROP`),
    },
  ];
}

const ANSWER_MS = 10_000;

export async function lookAtRegistry({ settings }: Examination): Promise<Finding[]> {
  const looks = [
    npmFinding(settings),
    ...(settings.snapshotRegistry ? [snapshotFinding(settings.snapshotRegistry)] : []),
  ];
  return (await Promise.all(looks)).map((one) => ({ check: 'registry', ...one }));
}

async function npmFinding({
  npmRegistry,
  httpProxy,
  httpsProxy,
  allProxy,
}: Examination['settings']): Promise<Omit<Finding, 'check'>> {
  // Node.js asks no proxy by itself.
  if (httpProxy ?? httpsProxy ?? allProxy)
    return { level: 'ok', found: 'npm: not looked at, as it is behind a proxy' };
  const { host, username, href } = new URL(npmRegistry);
  const address = username ? `https://${host}` : href;
  const answer = await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    (error: Error) => error,
  );
  if (!(answer instanceof Error)) return { level: 'ok', found: `npm: ${host} answers` };
  return {
    ...{
      level: 'warning',
      found: `npm: ${host} does not answer: ${(answer.cause as Error | undefined)?.message ?? answer.message}`,
    },
    remedy: 'Builds that fetch packages from there fail: check network, firewall and certificates.',
    commands: [`curl -sSI ${quoted(address)}`],
  };
}

async function snapshotFinding(registry: string): Promise<Omit<Finding, 'check'>> {
  // Nobody has an image of this name: a registry that answers says so.
  if ((await pullImage(`${registry}/doctor:none`, ANSWER_MS)) === 'missing')
    return { level: 'ok', found: `snapshots: ${registry} answers` };
  return {
    ...{ level: 'warning', found: `snapshots: ${registry} does not answer, or refuses this machine` },
    remedy:
      'Builds go on without it, cold where another machine has the snapshot: log in, or correct KOALACI_SNAPSHOT_REGISTRY.',
    commands: [`docker login ${quoted(registry.split('/')[0] ?? registry)}`],
  };
}
