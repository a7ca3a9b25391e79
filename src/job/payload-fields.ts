// The fields of a job in words: for `koalaci help payload`, and the table in the README. Their rules are in payload.ts.
import type { Payload } from './payload.js';

export interface FieldWords {
  /** The flags of `koalaci run` that set it, in Markdown; empty if there is none. */
  flags: string;
  /** What it is, and what it may be, in Markdown. */
  says: string;
}

/** Every field, in the order in which people need them. */
export const FIELD_WORDS: Readonly<Record<keyof Payload, FieldWords>> = {
  project_id: {
    flags: '`--project-id`',
    says: '1 to 128 letters, digits, `.`, `_`, `-`; starts with a letter or digit',
  },
  deployment_id: {
    flags: '`--deployment-id`',
    says: 'the same; a deployment that is building cannot be created again, one that has ended can; if it fails then, the artifact of its last READY build stays, and the record has it as `last_artifact`',
  },
  project_branch: {
    flags: '`--branch`',
    says: 'a branch or a tag, also as `refs/heads/…` or `refs/tags/…`; a branch wins over a tag of its name unless `refs/tags/` is before it',
  },
  project_repo_url: {
    flags: '`--repo-url`',
    says: '`https://` or `http://` (with `user:password@` where needed), `ssh://`, `git://`, `user@host:path`, `file://` or a local path',
  },
  project_build_command: {
    flags: '`--build-command`',
    says: 'run by `bash -eo pipefail -c`: the first line that fails ends the build, in a pipe too; at most 8 KiB; line ends may be CRLF; if empty, the dist directory is shipped as it is; `auto`: what koalaci finds, see [Detection](#detection)',
  },
  project_package_manager: {
    flags: '`--package-manager`',
    says: '`npm`, `yarn` (classic or berry, as the project says), `pnpm`, `bun`, `none`, `auto`',
  },
  project_dist_directory: {
    flags: '`--dist-directory`',
    says: 'relative, and inside the project even after links are resolved; `auto`: what koalaci finds (`./auto` is a directory of that name)',
  },
  project_default_branch: {
    flags: '`--default-branch`',
    says: "optional: the branch whose snapshot other branches start from, instead of the one that the repository's HEAD names",
  },
  project_commit: { flags: '`--commit`', says: 'optional: a full SHA' },
  project_fetch: {
    flags: '`--fetch-depth`, `--fetch-tags`, `--no-fetch-tags`',
    says: 'optional: `{"depth": 50, "tags": true}`, see [History and tags](#history-and-tags)',
  },
  project_root: {
    flags: '`--root`',
    says: 'optional: a sub-directory of a monorepo. If it has no lockfile, and is listed in the workspaces of a directory above it, that is installed; else it is installed by itself',
  },
  project_ssh_key: {
    flags: '`--ssh-key-file`',
    says: 'optional: a private key without a passphrase, for ssh to the host of the repository; handled as `env` is; see [Private repositories](#private-repositories)',
  },
  node_version: {
    flags: '`--node-version`',
    says: 'optional: a version or a range, instead of what the project asks for',
  },
  env: {
    flags: '`--env NAME=value`',
    says: 'optional: variables for install and build; never stored in clear; values of 4 or more characters are masked in the log, also as base64, hex, in addresses and in JSON, and the log names shorter ones; names that bash keeps for itself (`UID`, `RANDOM`, …) are refused; `PATH` extends the path of the tools: it comes after that, or around it where it says `$PATH`',
  },
  public_env: {
    flags: '`--public-env NAME`, as often as needed',
    says: 'optional: the names of those variables of `env` that may be in what is shipped; see [Secrets in artifacts](#secrets-in-artifacts)',
  },
  project_ignore_command: {
    flags: '',
    says: 'optional: a command that decides whether there is anything to build; see [Builds that are skipped](#builds-that-are-skipped)',
  },
  skip_ci: {
    flags: '`--no-skip-ci`',
    says: "optional: `false` builds although the commit's message has `[skip ci]`",
  },
  frozen_lockfile: {
    flags: '`--frozen-lockfile`',
    says: 'optional: `true` refuses a project that has dependencies and no lockfile; without it, `KOALACI_FROZEN_LOCKFILE` decides',
  },
  timeout_seconds: {
    flags: '`--timeout 20m`',
    says: 'optional: less than `KOALACI_TIMEOUT`; more counts as that',
  },
  cache: {
    flags: '`--no-cache`',
    says: 'optional: `use` (default); `read`: starts from the snapshot and leaves none, for jobs of less trust; or `ignore`: builds cold, then replaces the snapshot',
  },
  reuse: {
    flags: '`--reuse MODE`',
    says: 'optional: `off`, `same` or `related`; without it, `KOALACI_REUSE` decides; see [Reuse](#reuse). `true` and `false`, as it was written before, are `same` and `off`',
  },
  supersede: {
    flags: '`--supersede`',
    says: 'optional: `true` cancels older jobs of the same project and branch, whether queued or building',
  },
  callback_url: {
    flags: '',
    says: 'optional: an http(s) address that is called on every change of status of a queued job; see [Callbacks](#callbacks)',
  },
  artifact_url: {
    flags: '',
    says: 'optional: an https address to which the artifact is sent before the job is READY, where the operator allows that; handled as a secret; see [Sent to an address](#sent-to-an-address)',
  },
};
