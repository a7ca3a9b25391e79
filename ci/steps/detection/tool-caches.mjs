// @ts-check
// Which tool caches a project's builds keep: the caches of frameworks.txt whose package it names.
import { manifestOf, upwards } from './manifest.mjs';
import { caches } from './table.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./detection.mjs').Finding} Finding */

/** @param {ProjectFiles} files @param {string} directory @returns {Finding[]} */
export function toolCaches(files, directory) {
  const manifests = upwards(directory).flatMap((here) => manifestOf(files, here) ?? []);
  return caches().flatMap(({ place, packages }) => {
    const manifest = manifests.find(({ dependencies }) => packages.some((name) => dependencies.has(name)));
    const name = packages.find((one) => manifest?.dependencies.has(one));
    return manifest ? [{ value: place, reason: `a cache of ${name}`, file: manifest.file }] : [];
  });
}
