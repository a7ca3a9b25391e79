// What becomes of a build in whose artifact values of the job were found: it fails, or its log says so. Pure.
import type { Finding } from '../artifact/secret-search.js';
import type { Cause } from '../job/ending.js';
import type { NamedSecret } from './named-secrets.js';

/** What the operator wants: see KOALACI_SECRET_SCAN. */
export type SecretScan = 'off' | 'warn' | 'fail';

/** As many are named. */
const SHOWN = 10;

interface Found extends NamedSecret, Finding {
  isTracked: boolean;
}

export class ShippedSecrets {
  readonly #secrets: readonly NamedSecret[];
  readonly #scan: SecretScan;
  #found: Found[] = [];

  constructor(secrets: readonly NamedSecret[], scan: SecretScan) {
    this.#secrets = scan === 'off' ? [] : secrets;
    this.#scan = scan;
  }

  /** What to look for. */
  get values(): string[] {
    return this.#secrets.map(({ value }) => value);
  }

  /**
   * Notes what was found; of each variable the first line.
   * @param known what everybody may know of the job: its commit, its ids
   */
  found(findings: readonly Finding[], known: readonly string[]): void {
    const all = findings.flatMap((finding) => {
      const secret = this.#secrets[finding.secret];
      if (!secret || known.some((text) => text.includes(secret.value))) return [];
      return [{ ...secret, ...finding, isTracked: false }];
    });
    // What fails the build counts before what does not.
    const sorted = [...all.filter(({ isSecret }) => isSecret), ...all.filter(({ isSecret }) => !isSecret)];
    this.#found = sorted.filter(({ name }, at) => sorted.findIndex((one) => one.name === name) === at);
  }

  /** The values that fail the build, unless a tracked file has them, too. */
  get suspects(): string[] {
    return this.#failing.map(({ value }) => value);
  }

  /** Says which of the suspects stand in a tracked file: they are no secrets any more. */
  tracked(places: readonly number[]): void {
    for (const [place, one] of this.#failing.entries()) one.isTracked = places.includes(place);
  }

  /** The cause that ends the build. */
  get cause(): Cause | undefined {
    const failing = this.#failing;
    if (failing.length === 0) return undefined;
    const [what, it] = failing.length === 1 ? ['a secret is', 'it'] : ['secrets are', 'them'];
    return {
      reason: 'secret_in_artifact',
      step: 'artifact',
      message: `${what} in what was to be shipped: ${listed(failing)}`,
      remedy: `Keep ${it} out of what browsers get, and change ${it} if a build shipped ${it} before; or list the name in public_env.`,
    };
  }

  /** A line for the log about what is shipped all the same; undefined if there is nothing to say. */
  get notice(): string | undefined {
    const failing = this.#failing;
    const others = this.#found.filter((one) => !failing.includes(one));
    if (others.length === 0) return undefined;
    return `the artifact has values of the job that public_env does not name: ${listed(others)}`;
  }

  get #failing(): Found[] {
    return this.#scan === 'fail' ? this.#found.filter((one) => one.isSecret && !one.isTracked) : [];
  }
}

function listed(found: readonly Found[]): string {
  const shown = found.slice(0, SHOWN).map(({ name, path, line, isTracked }) => {
    const where = line === undefined ? `the name of ${path}` : `${path}, line ${line}`;
    return `${name} (${where}${isTracked ? '; also in a tracked file' : ''})`;
  });
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : '';
  return `${shown.join(', ')}${more}`;
}
