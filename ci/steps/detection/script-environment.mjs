// @ts-check
// What is known of the variables of a build's environment. Pure.

/** @typedef {import('./script-known.mjs').Known} Known */

/** What every build has. @type {Record<string, string>} */
const EVERY = { NODE_ENV: 'production', CI: 'true' };
/** What only builds on other hosts have. */
const ELSEWHERE =
  /^(VERCEL|NETLIFY|CF_PAGES|WORKERS_CI|RENDER|RAILWAY|HEROKU|AWS_APP|AMPLIFY|GITHUB_ACTIONS|GITHUB_REPOSITORY|GITLAB_CI|CI_PAGES|BITBUCKET|CIRCLECI|TRAVIS)(_|$)/;

/** A variable; those that a job may set have no value that can be relied on. @param {string} name @returns {Known} */
export function ofEnvironment(name) {
  if (Object.hasOwn(EVERY, name)) return { value: EVERY[name] };
  return ELSEWHERE.test(name) ? { value: undefined } : { value: undefined, isDefault: true };
}
