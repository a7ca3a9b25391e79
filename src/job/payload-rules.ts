// The rule of each field of a job in words, for the description that programs read. What a pattern says is said here, too. Pure.

export const PAYLOAD_RULES: Readonly<Record<string, string>> = {
  project_id: 'Scope of the caches: 1 to 128 letters, digits, ".", "_", "-"; starts with a letter or digit.',
  deployment_id:
    'The id of the job: the same rule. One that is queued or building cannot be created again (409); one that has ended can, and its log starts anew.',
  project_branch:
    'A branch or a tag, also as refs/heads/… or refs/tags/…: a legal name of git that does not begin with "-". A branch wins over a tag of its name.',
  project_repo_url:
    'https://, http:// (with user:password@ where needed), ssh://, git:// or user@host:path; file:// and local paths only where the operator allows them. Handled as a secret.',
  project_build_command:
    'Run by "bash -eo pipefail -c" in the container; 8 KiB at most; empty: there is nothing to build; "auto": what koalaci finds.',
  project_package_manager: 'npm, yarn (classic or berry, as the project says), pnpm, bun, none, or auto.',
  project_dist_directory:
    'What to ship: relative, and inside the project after links are resolved; "." is all of it; "auto": what koalaci finds.',
  project_commit: 'A full SHA in lower case, of 40 or 64 digits.',
  project_default_branch: 'The branch whose snapshot other branches start from, instead of what HEAD names.',
  project_fetch: 'How much of the history is fetched: depth in commits, "full" or 0 for all; tags.',
  project_ignore_command: 'A command that exits with 0 if there is nothing to build; 8 KiB at most.',
  project_root: 'A sub-directory of a monorepo: relative, and inside the project.',
  project_ssh_key:
    'A private key without a passphrase, for the host in project_repo_url; 16 KiB at most. Handled as a secret.',
  node_version:
    'A version or a range, such as 22, 22.11.0 or >=20 <23, instead of what the project asks for.',
  env: 'Variables for install and build, an object of strings of 64 KiB at most. Secret: never stored in clear, never logged. Names are those of shell variables, but those that bash keeps for itself.',
  public_env: 'The names of those variables of env that may be in what is shipped.',
  skip_ci: 'false builds although the message of the commit has [skip ci].',
  frozen_lockfile: 'true refuses a project that has dependencies and no lockfile.',
  timeout_seconds: 'From 1 to 86400. It only lowers the limit of the operator.',
  callback_url:
    'An http(s) address of 4096 characters at most that is called on every change of status. Refused where callbacks are not set up.',
  artifact_url:
    'An https address of 4096 characters at most to which the artifact is sent. Refused where the operator does not allow it. Handled as a secret.',
  cache:
    'use; read: starts from the snapshot and leaves none; ignore: builds cold, and replaces the snapshot.',
  reuse:
    'off, same or related: whether the artifact of an earlier build will do. true and false are same and off.',
  supersede: 'true cancels older jobs of the same project and branch.',
};
