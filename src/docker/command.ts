// Which command is the docker command. Apart from the calls: every koalaci command sets it, few load what calls it.

let command = 'docker';

/**
 * Lets every later call use another command, which the operator names (podman and nerdctl are not tried). Set once at the
 * start: a process talks to one engine only, and the functions that call it should not all have to hand its name on.
 */
export function useDockerCommand(name: string): void {
  command = name;
}

/** The command that is called. */
export function dockerCommand(): string {
  return command;
}
