// The bill of materials of an artifact: CycloneDX 1.6, from the packages of its lockfile.
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import { bytesSha256 } from '../artifact/sha256.js';
import type { Dependency } from './dependency.js';
import { purlOf } from './dependency.js';
import type { Resource } from './statement.js';

export const SBOM_TYPE = 'application/vnd.cyclonedx+json';

export interface SbomOptions {
  /** What it is of. */
  deployment: string;
  project: string;
  commit: string;
  /** Of the artifact, a sha256: see identityOf(). */
  identity: string;
  dependencies: Dependency[];
  /** Of koalaci. */
  version: string;
  /** Milliseconds since 1970. */
  time: number;
}

/** It, as a statement names it. */
export function resourceOfSbom(bill: string): Resource {
  return {
    name: 'sbom',
    digest: { sha256: bytesSha256(bill) },
    mediaType: SBOM_TYPE,
  };
}

/** Makes it, as JSON. The same build gives the same bytes. */
export function sbomOf(options: SbomOptions): string {
  const { project, commit, identity, dependencies, version, time } = options;
  const root = new Models.Component(Enums.ComponentType.Application, project, {
    version: commit,
    bomRef: 'artifact',
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], identity]]),
  });
  const components = dependencies.map(componentOf);
  for (const { bomRef } of components) root.dependencies.add(bomRef);
  const bom = new Models.Bom({
    serialNumber: serialNumber(identity, time),
    metadata: new Models.Metadata({
      timestamp: new Date(time),
      component: root,
      tools: new Models.Tools({
        components: new Models.ComponentRepository([
          new Models.Component(Enums.ComponentType.Application, 'koalaci', { version }),
        ]),
      }),
    }),
  });
  for (const component of components) bom.components.add(component);
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 1 })}\n`;
}

/** The same packages, of another deployment of the same artifact. */
export function sbomAgain(
  bill: string,
  { commit, identity, version, time }: Pick<SbomOptions, 'commit' | 'identity' | 'version' | 'time'>,
): string {
  const before = JSON.parse(bill) as Bill;
  const { component, tools } = before.metadata;
  const again = {
    ...before,
    serialNumber: serialNumber(identity, time),
    metadata: {
      ...before.metadata,
      timestamp: new Date(time).toISOString(),
      tools: { ...tools, components: tools.components.map((one) => ({ ...one, version })) },
      component: { ...component, version: commit },
    },
  };
  return `${JSON.stringify(again, null, 1)}\n`;
}

/** What sbomOf() writes, as far as it is of the deployment. */
interface Bill {
  metadata: { component: object; tools: { components: object[] } };
}

const ALGORITHMS = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;

function componentOf(one: Dependency): Models.Component {
  const [, group, name] = /^@([^/]+)\/(.+)$/s.exec(one.name) ?? [undefined, undefined, one.name];
  const purl = purlOf(one);
  const hashes = Object.entries(one.digest ?? {}).flatMap(([algorithm, hex]) => {
    const known = ALGORITHMS[algorithm as keyof typeof ALGORITHMS];
    return known ? [[Enums.HashAlgorithm[known], hex] as [never, string]] : [];
  });
  return new Models.Component(Enums.ComponentType.Library, name ?? one.name, {
    ...(group === undefined ? {} : { group: `@${group}` }),
    version: one.version,
    purl,
    bomRef: purl,
    hashes: new Models.HashDictionary(hashes),
    ...(one.isDev === true ? { scope: Enums.ComponentScope.Optional } : {}),
  });
}

/** A UUID that is the same for the same artifact and time, in the form of version 8. */
function serialNumber(identity: string, time: number): string {
  const hex = bytesSha256(`${identity}\n${time}`);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
