// @ts-check
// What is known of the variables of a build's environment. Pure.

/** @typedef {import('./script-known.mjs').Known} Known */

/** What every build has. @type {Record<string, string>} */
const EVERY = { NODE_ENV: 'production', CI: 'true' };
/** What only builds on other hosts have. */
const ELSEWHERE =
  /^(VERCEL|NETLIFY|CF_PAGES|WORKERS_CI|RENDER|RAILWAY|HEROKU|AWS_APP|AMPLIFY|GITHUB_ACTIONS|GITHUB_REPOSITORY|GITLAB_CI|CI_PAGES|BITBUCKET|CIRCLECI|TRAVIS)(_|$)/;

/**
 * A variable; those that a job may set have no value that can be relied on. `variables`: those that a script sets; into `read` goes the name
 * of one that is not set.
 * @param {string} name @param {{ variables: Record<string, string>, read: Set<string> }} scope @returns {Known}
 */
export function ofEnvironment(name, { variables, read }) {
  const set = Object.hasOwn(variables, name) ? variables : EVERY;
  if (Object.hasOwn(set, name)) return { value: set[name] };
  read.add(name);
  return ELSEWHERE.test(name) ? { value: undefined } : { value: undefined, isDefault: true };
}
