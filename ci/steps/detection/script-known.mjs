// @ts-check
// What is known of a value of a configuration that is a program. Pure.

/**
 * `isPath`: an absolute one, written relative to the project. `isDefault`: it is so as long as a variable of the environment is unset.
 * @typedef {{ value: string | boolean | undefined, isPath?: boolean, isDefault?: boolean }} Known
 */

/** Whether it can be a part of a text. @param {Known | undefined} known @returns {known is Known} */
export function isText(known) {
  return known?.value !== undefined;
}

/** Whether both are known, and equal. @param {Known | undefined} one @param {Known | undefined} other */
export function same(one, other) {
  return (
    one !== undefined && other !== undefined && one.value === other.value && !one.isPath === !other.isPath
  );
}
