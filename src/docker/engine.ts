// Asks the engine for its versions, and for what keeps a build in.
import { docker } from './cli.js';

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

const WALLS =
  '[{{json .SecurityOptions}},{{json .Runtimes}},{{json .MemoryLimit}},{{json .CPUCfsQuota}},{{json .PidsLimit}}]';

/**
 * What the engine says of its walls.
 * @throws KoalaError `environment` when it does not answer
 */
export async function engineWalls(): Promise<EngineWalls> {
  return parseWalls(await docker(['info', '--format', WALLS]));
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
