// Asks the engine for its versions.
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
