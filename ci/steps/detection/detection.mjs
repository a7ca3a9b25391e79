// @ts-check
// What a detection says. Types only.

/**
 * Something that was found out, and why. Without a value, `reason` says why there is none.
 * @typedef {object} Finding
 * @property {string | null} value
 * @property {string} reason
 * @property {string | null} file the file that it was read from, relative to the repository
 */

/**
 * A package, or a directory, that can be built by itself.
 * @typedef {object} Site
 * @property {Finding} framework
 * @property {Finding} build_command an empty one: there is nothing to build
 * @property {Finding} dist_directory relative to the project's root
 * @property {Finding} public_env_prefix
 * @property {string[]} notes what else there is to know
 */

/**
 * @typedef {Site & {
 *   root: string,
 *   name: Finding,
 *   package_manager: Finding,
 *   node_version: Finding,
 *   tool_caches: Finding[],
 *   packages: (Site & { root: string })[],
 * }} Detection `packages`: the others that could be built, each with its project_root
 */

export {};
