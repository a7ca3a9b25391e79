// What it takes to build once more what a statement says. Pure.
import { KoalaError } from '../job/errors.js';
import { withValues } from './parameters.js';
import { commitIn, type Statement } from './statement.js';

/** What a statement has by name only, and the user gives. */
export interface Given {
  env: Record<string, string>;
  sshKey?: string;
  /** The address with its password; also one where the repository is now. */
  repoUrl?: string;
}

/**
 * The payload of the build, with what the user gives. Of Node it asks for the very version. Variables that the build did not have are
 * left out.
 * @throws KoalaError `bad_input` that names what is missing
 */
export function payloadAgain(statement: Statement, given: Given): Record<string, unknown> {
  const { externalParameters, internalParameters } = statement.predicate.buildDefinition;
  const { env: names = [], credentials = [], ...asked } = externalParameters;
  const env = Object.fromEntries(
    names.flatMap((name) => {
      const value = given.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  refuseMissing(statement, given);
  return {
    ...asked,
    project_build_command: withValues(asked.project_build_command, env),
    project_repo_url: given.repoUrl ?? asked.project_repo_url,
    project_commit: commitIn(statement),
    project_default_branch: asked.project_default_branch ?? internalParameters.default_branch,
    // It was built, whatever its message says.
    skip_ci: false,
    ...(internalParameters.node === undefined ? {} : { node_version: internalParameters.node }),
    ...(names.length > 0 ? { env } : {}),
    ...(given.sshKey === undefined ? {} : { project_ssh_key: given.sshKey }),
  };
}

function refuseMissing({ predicate }: Statement, given: Given): void {
  const { env = [], credentials = [], project_repo_url } = predicate.buildDefinition.externalParameters;
  const names = env.filter((name) => given.env[name] === undefined);
  if (names.length > 0)
    throw missing(
      `variables of which the statement has the names alone: ${names.join(', ')}`,
      'them with --env-file FILE: a line NAME=value for each',
    );
  if (credentials.includes('project_ssh_key') && given.sshKey === undefined)
    throw missing('a key for its repository (project_ssh_key)', 'one with --ssh-key-file FILE');
  if (credentials.includes('project_repo_url') && given.repoUrl === undefined)
    throw missing(
      `a password in the address of ${project_repo_url}`,
      'the address with its password: --repo-url URL',
    );
}

function missing(what: string, how: string): KoalaError {
  return new KoalaError('bad_input', `the build had ${what}`, { remedy: `Give ${how}.` });
}

/** The tools of a build. */
export interface Tools {
  node: string | undefined;
  manager: string | undefined;
  builder: string;
  recipe: string | undefined;
}

/** What of the tools is another one than in the statement, a sentence each. */
export function otherTools({ predicate }: Statement, now: Tools): string[] {
  const { node, package_manager, builder_image, builder_recipe } =
    predicate.buildDefinition.internalParameters;
  // Each machine makes its own image, with an id of its own, of the same files.
  const isSameImage =
    builder_recipe && now.recipe ? builder_recipe === now.recipe : builder_image === now.builder;
  const changed = (what: string, then: string | undefined, its: string | undefined) =>
    then === its ? [] : [`${what} is another one: ${then ?? 'none'} then, ${its ?? 'none'} now`];
  return [
    ...(isSameImage ? [] : changed('the builder image', builder_image, now.builder)),
    ...changed('node', node, now.node),
    ...changed('the package manager', package_manager, now.manager),
  ];
}
