// The statement about an artifact: what was built, from what, how and when. An in-toto statement v1 with SLSA provenance v1. Pure.
//
// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md, https://slsa.dev/spec/v1.1/provenance
import type { ArtifactInfo } from '../job/record.js';
import { type Dependency, purlOf } from './dependency.js';
import type { Parameters } from './parameters.js';

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1';
/** What `externalParameters` mean: the fields of a job, as the README describes them. */
export const BUILD_TYPE = 'urn:koalaci:build:v1';
/** The name of the subject that is the list of entries. */
export const ENTRIES = 'entries';

/** in-toto's ResourceDescriptor, as far as koalaci fills it. */
export interface Resource {
  name?: string;
  uri?: string;
  digest?: Record<string, string>;
  mediaType?: string;
  annotations?: Record<string, string | boolean>;
}

export interface Statement {
  _type: typeof STATEMENT_TYPE;
  subject: { name: string; digest: Record<string, string> }[];
  predicateType: typeof PREDICATE_TYPE;
  predicate: {
    buildDefinition: {
      buildType: typeof BUILD_TYPE;
      externalParameters: Parameters;
      internalParameters: Internal;
      resolvedDependencies: Resource[];
    };
    runDetails: {
      builder: { id: string; version: Record<string, string> };
      metadata: { invocationId: string; startedOn: string; finishedOn: string };
      byproducts: Resource[];
    };
  };
}

/** What koalaci itself chose. */
export interface Internal {
  /** The names that the user has chosen for what they may choose themselves. */
  user_id: string;
  branch: string;
  /** The one that the repository's HEAD named. */
  default_branch?: string;
  /** As in the record: `22.22.3`, `npm 11.21.2`. */
  node?: string;
  package_manager?: string;
  /** The id of the builder image, and the hash of what it was made from. */
  builder_image: string;
  builder_recipe?: string;
  /** The deployment whose build has made the artifact, if that is an earlier one; see reused.ts. */
  reused_from?: string;
}

/** All that is said of a build. */
export interface Built {
  parameters: Parameters;
  internal: Internal;
  commit: string;
  /** An archive that is made when somebody asks for it has no hash here. */
  artifact: Pick<ArtifactInfo, 'sha256' | 'digest'>;
  /** SHA-256 of the list of entries in the manifest. */
  entries: string;
  attempt: string;
  startedAt: number;
  endedAt: number;
  lockfile?: { path: string; sha256: string };
  dependencies: Dependency[];
  /** The SBOM beside it. */
  sbom?: Resource;
  /** Of the signing key. */
  keyId: string;
  version: string;
}

/** Makes the statement about a build. */
export function statementOf(built: Built): Statement {
  const { parameters, internal, attempt, startedAt, endedAt, sbom, keyId, version } = built;
  const { sha256 } = built.artifact;
  return {
    _type: STATEMENT_TYPE,
    subject: [
      ...(sha256 === undefined ? [] : [{ name: `${parameters.deployment_id}.tar.gz`, digest: { sha256 } }]),
      { name: ENTRIES, digest: { sha256: built.entries } },
    ],
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: parameters,
        internalParameters: internal,
        resolvedDependencies: resourcesOf(built),
      },
      runDetails: {
        builder: { id: `urn:koalaci:builder:${keyId}`, version: { koalaci: version } },
        metadata: {
          invocationId: `urn:uuid:${attempt}`,
          startedOn: new Date(startedAt).toISOString(),
          finishedOn: new Date(endedAt).toISOString(),
        },
        byproducts: sbom ? [sbom] : [],
      },
    },
  };
}

/** The digest that a statement has of the archive, or of the entries in it. */
export function subjectDigest(
  { subject }: Pick<Statement, 'subject'>,
  which: 'archive' | 'entries',
): string | undefined {
  return subject.find(({ name }) => (name === ENTRIES) === (which === 'entries'))?.digest.sha256;
}

/** The commit that a statement names. */
export function commitIn({ predicate }: Statement): string | undefined {
  const [source] = predicate.buildDefinition.resolvedDependencies;
  return source?.digest?.gitCommit;
}

/** The source comes first, then the tools, then the packages of the lockfile. */
function resourcesOf({ parameters, internal, commit, lockfile, dependencies }: Built): Resource[] {
  const { node, package_manager = '', builder_image } = internal;
  const [manager = '', version] = package_manager.split(' ');
  return [
    { name: 'source', uri: gitUri(parameters.project_repo_url), digest: { gitCommit: commit } },
    { name: 'builder image', digest: { sha256: builder_image.replace(/^sha256:/, '') } },
    ...(node ? [{ name: 'node', uri: `pkg:generic/node@${node}` }] : []),
    ...(version
      ? [{ name: 'package manager', uri: purlOf({ name: packageOf(manager, version), version }) }]
      : []),
    ...(lockfile ? [{ name: lockfile.path, digest: { sha256: lockfile.sha256 } }] : []),
    ...dependencies.map((one) => ({
      uri: purlOf(one),
      ...(one.digest ? { digest: one.digest } : {}),
      ...(one.isDev === undefined ? {} : { annotations: { development: one.isDev } }),
    })),
  ];
}

/** An address as SPDX and SLSA write that of a repository: `git+https://…`. */
function gitUri(url: string): string {
  if (url.startsWith('git:')) return url;
  if (/^[a-z]+:\/\//.test(url)) return `git+${url}`;
  if (/^[.~/]/.test(url)) return `git+file://${url}`;
  // user@host:path
  return `git+ssh://${url.replace(':', '/')}`;
}

/** In the registry, yarn 2 and newer has another name. */
function packageOf(manager: string, version: string): string {
  return manager === 'yarn' && !version.startsWith('1.') && !version.startsWith('0.')
    ? '@yarnpkg/cli-dist'
    : manager;
}
