// @ts-check
// Which tool caches a project's builds keep: the rows of tool-caches.txt whose package it names.
import { readFileSync } from 'node:fs';
import { manifestOf, upwards } from './manifest.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./detection.mjs').Finding} Finding */

/** @param {ProjectFiles} files @param {string} directory @returns {Finding[]} */
export function toolCaches(files, directory) {
  const manifests = upwards(directory).flatMap((here) => manifestOf(files, here) ?? []);
  return rows().flatMap(({ place, packages }) => {
    const manifest = manifests.find(({ dependencies }) => packages.some((name) => dependencies.has(name)));
    const name = packages.find((one) => manifest?.dependencies.has(one));
    return manifest ? [{ value: place, reason: `a cache of ${name}`, file: manifest.file }] : [];
  });
}

/** The rows of places in a project; those that a ! excludes are no caches. */
function rows() {
  const text = readFileSync(new URL('../tool-caches.txt', import.meta.url), 'utf8');
  return text.split('\n').flatMap((line) => {
    const [place = '', packages = ''] = line.split(/ +/);
    return /^[#!~/]|^$/.test(place) ? [] : [{ place, packages: packages.split('|') }];
  });
}
