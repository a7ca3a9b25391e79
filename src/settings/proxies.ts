// The operator's proxies, which builds use: from the environment, or else from the configuration of docker's command line.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { secretsOf } from '../job/rules.js';
import type { Env } from './read.js';
import type { Settings } from './settings.js';

/** By the variables' names in lower case. */
export type Proxies = Partial<Record<'http_proxy' | 'https_proxy' | 'all_proxy' | 'no_proxy', string>>;

/** As docker's config.json names them: https://docs.docker.com/engine/cli/proxy/ */
interface DockerProxies {
  httpProxy?: string;
  httpsProxy?: string;
  allProxy?: string;
  noProxy?: string;
}

/** The proxies of builds. One that has no value is not set. */
export function readProxies({ settings, env }: { settings: Settings; env: Env }): Proxies {
  const docker = dockerProxies(env);
  const { httpProxy, httpsProxy, allProxy, noProxy } = settings;
  const proxies = {
    http_proxy: httpProxy || docker.httpProxy,
    https_proxy: httpsProxy || docker.httpsProxy,
    all_proxy: allProxy || docker.allProxy,
    no_proxy: noProxy || docker.noProxy,
  };
  return Object.fromEntries(Object.entries(proxies).filter(([, value]) => value));
}

/** The passwords in the addresses of proxies. */
export function proxySecrets({ no_proxy: _, ...addresses }: Proxies): string[] {
  return Object.values(addresses).flatMap((address) => {
    // curl takes an address without a scheme.
    const url = address.includes('://') ? address : `http://${address}`;
    // Nothing can use what is no address, and it may still hold a password.
    return URL.canParse(url) ? secretsOf(url) : [address];
  });
}

/** What docker would put into containers. A file that cannot be read is docker's business. */
function dockerProxies(env: Env): DockerProxies {
  const directory = env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker');
  const engine = env.DOCKER_HOST || 'unix:///var/run/docker.sock';
  try {
    const { proxies } = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8'));
    return proxies?.[engine] ?? proxies?.default ?? {};
  } catch {
    return {};
  }
}
