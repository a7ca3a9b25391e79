// The payload of a job, written once for all tests: its seven fields, and each field's flag.

const PAYLOAD = {
  project_id: 'site',
  deployment_id: 'd1',
  project_branch: 'main',
  project_repo_url: 'https://example.org/site.git',
  project_build_command: '',
  project_package_manager: 'none',
  project_dist_directory: 'dist',
};

const FLAGS: Record<keyof typeof PAYLOAD, string> = {
  project_id: '--project-id',
  deployment_id: '--deployment-id',
  project_branch: '--branch',
  project_repo_url: '--repo-url',
  project_build_command: '--build-command',
  project_package_manager: '--package-manager',
  project_dist_directory: '--dist-directory',
};

/** A payload that fits, with some of its fields replaced, and others added. */
export function payloadOf<Fields extends object>(fields?: Fields): typeof PAYLOAD & Fields {
  return { ...PAYLOAD, ...fields } as typeof PAYLOAD & Fields;
}

/** The seven fields as flags of `koalaci run`. */
export function flagsOf(payload: typeof PAYLOAD): string[] {
  return Object.entries(FLAGS).flatMap(([field, flag]) => [flag, payload[field as keyof typeof PAYLOAD]]);
}
