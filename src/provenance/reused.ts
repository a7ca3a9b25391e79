// The statement about an artifact that an earlier build has made: what was said of that build, for the job that reuses it. Pure.
import {
  type Built,
  commitIn,
  type Internal,
  PAYLOAD_TYPE,
  type Resource,
  type Statement,
  statementOf,
} from './statement.js';

/** The name of the resource that is the earlier build. */
const REUSED = 'reused build';

/** What is known of a job that got the artifact of an earlier build. */
export interface Reuse extends Omit<Built, 'internal' | 'lockfile' | 'dependencies'> {
  internal: Pick<Internal, 'user_id' | 'branch' | 'default_branch'>;
  first: FirstBuild;
}

/** The earlier build: its deployment, its statement, and the hash of the file in which that is. */
export interface FirstBuild {
  deployment: string;
  statement: Statement;
  sha256: string;
}

/**
 * Makes it. Parameters, source and times are those of the job; tools, lockfile and packages are those with which the artifact was
 * made, at the commit that the earlier build names.
 */
export function statementOfReuse({ first, internal, ...job }: Reuse): Statement {
  const { internalParameters, resolvedDependencies } = first.statement.predicate.buildDefinition;
  const { user_id: _, branch: __, default_branch: ___, ...tools } = internalParameters;
  const own = { ...tools, ...internal, reused_from: first.deployment };
  const statement = statementOf({ ...job, internal: own, dependencies: [] });
  const { buildDefinition } = statement.predicate;
  const [source] = buildDefinition.resolvedDependencies;
  const [, ...used] = resolvedDependencies;
  buildDefinition.resolvedDependencies = [...(source ? [source] : []), resourceOf(first), ...used];
  return statement;
}

/** The build whose artifact a statement is about, in words; undefined if it is about one of its own. */
export function reusedIn({ predicate }: Statement): string | undefined {
  const { internalParameters, resolvedDependencies } = predicate.buildDefinition;
  const { reused_from: from } = internalParameters;
  if (from === undefined) return undefined;
  const { annotations = {} } = resolvedDependencies.find(({ name }) => name === REUSED) ?? {};
  const { commit = 'another commit', finished_on: finished = 'earlier' } = annotations;
  return `${from}, built ${finished} from ${commit}`;
}

function resourceOf({ deployment, statement, sha256 }: FirstBuild): Resource {
  const { invocationId, finishedOn } = statement.predicate.runDetails.metadata;
  return {
    name: REUSED,
    uri: invocationId,
    digest: { sha256 },
    mediaType: PAYLOAD_TYPE,
    annotations: { deployment_id: deployment, commit: commitIn(statement) ?? '', finished_on: finishedOn },
  };
}
