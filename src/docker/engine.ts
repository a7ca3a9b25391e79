// Asks the engine for its versions, and for what keeps a build in.
import { docker } from './cli.js';
import { engineError } from './errors.js';

export interface EngineVersions {
  engine: string;
  runc: string;
}

/**
 * The versions of the engine and of its runtime.
 * @throws KoalaError `environment` when it does not answer
 */
export async function engineVersions(): Promise<EngineVersions> {
  const format =
    '{{.Server.Version}} {{range .Server.Components}}{{if eq .Name "runc"}}{{.Version}}{{end}}{{end}}';
  const [engine = '', runc = ''] = (await docker(['version', '--format', format])).trim().split(' ');
  return { engine, runc };
}

/** What keeps a build in its container, as far as the engine says. */
export interface EngineWalls {
  /** Such as `seccomp`, `apparmor`, `rootless`, `userns`, `selinux`. */
  security: string[];
  /** Runtimes by name, each with the arguments that the engine gives it. */
  runtimes: Record<string, string[]>;
  /** The limits that the engine cannot hold, such as `memory`. */
  unlimited: string[];
}

/** Where the engine is asked, and whether both sides prove who they are where that is a network. */
export interface EngineAddress {
  /** Such as `unix:///var/run/docker.sock`, `tcp://build-box:2376`, `ssh://build-box`. */
  host: string;
  isProven: boolean;
}

/**
 * Where docker asks, by DOCKER_HOST or its context.
 * @throws KoalaError `environment` when docker's own settings are at fault
 */
export async function engineAddress(): Promise<EngineAddress> {
  const format = '{{.Endpoints.docker.Host}} {{.Endpoints.docker.SkipTLSVerify}} {{len .TLSMaterial}}';
  const said = await docker(['context', 'inspect', '--format', format]);
  const [host = '', isSkipped, certificates] = said.trim().split(' ');
  return { host, isProven: !host.startsWith('tcp:') || (isSkipped === 'false' && certificates !== '0') };
}

const WALLS =
  '[{{json .SecurityOptions}},{{json .Runtimes}},{{json .MemoryLimit}},{{json .CPUCfsQuota}},{{json .PidsLimit}}]';

/**
 * What the engine says of its walls.
 * @throws KoalaError `environment` when it does not answer
 */
export async function engineWalls(): Promise<EngineWalls> {
  const args = ['info', '--format', `${WALLS}\n{{json .ServerErrors}}`];
  const [walls = '', errors = 'null'] = (await docker(args)).split('\n');
  // It succeeds with all fields empty when it does not reach the engine.
  const said = (JSON.parse(errors) ?? []) as string[];
  if (said.length > 0) throw engineError({ args, stderr: said.join('\n') });
  return parseWalls(walls);
}

/** Reads that answer. Pure. */
export function parseWalls(text: string): EngineWalls {
  const [options, runtimes, ...limits] = JSON.parse(text) as [
    string[] | null,
    Record<string, { runtimeArgs?: string[] }> | null,
    ...boolean[],
  ];
  // Such as "name=seccomp,profile=builtin".
  const security = (options ?? []).map((option) => /^name=([^,]*)/.exec(option)?.[1] ?? option);
  const args = Object.entries(runtimes ?? {}).map(([name, { runtimeArgs = [] }]) => [name, runtimeArgs]);
  const unlimited = ['memory', 'processors', 'processes'].filter((_, index) => limits[index] === false);
  return { security, runtimes: Object.fromEntries(args), unlimited };
}
