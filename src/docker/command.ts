// Which command is the docker command, and how long it may take. Apart from the calls: every koalaci command sets it, few load what
// calls it.

/** How the engine is asked. */
export interface DockerOptions {
  command: string;
  /** Milliseconds that the engine may take to answer, or to run a container. */
  patienceMs: number;
}

let options: DockerOptions = { command: 'docker', patienceMs: 120_000 };

/**
 * Lets every later call use another command, which the operator names (podman and nerdctl are not tried), or wait longer. Set once
 * at the start: a process talks to one engine only, and the functions that call it should not all have to hand this on.
 */
export function useDocker(own: Partial<DockerOptions>): void {
  options = { ...options, ...own };
}

/** How it is asked now. */
export function dockerOptions(): Readonly<DockerOptions> {
  return options;
}
