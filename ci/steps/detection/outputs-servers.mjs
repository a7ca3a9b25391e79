// @ts-check
// Frameworks that make a static site or a server, as the project says.
import { posix } from 'node:path';
import { objectOf } from './manifest.mjs';
import { settingIn, stringsIn } from './script-settings.mjs';
import { flagOf, positionals } from './scripts.mjs';
import { unsure } from './setting-output.mjs';
import { configFile, setting } from './settings.mjs';

/** @typedef {import('./outputs.mjs').Building} Building */
/** @typedef {import('./outputs.mjs').Output} Output */

/** @type {Record<string, (building: Building) => Output | undefined>} */
export const outputsOfServers = {
  'Next.js': inNamed(nextOutput),
  Blitz: nextOutput,
  Nuxt: inNamed(nuxtOutput),
  SvelteKit: svelteKitOutput,
  'React Router': reactRouterOutput,
  Remix: remixOutput,
  'TanStack Start': tanStackOutput,
  SolidStart: solidStartOutput,
  Nitro: () => server('.output', 'Nitro makes a server', null),
};

/** @param {string} value @param {string} reason @param {string | null} file @returns {Output} */
const site = (value, reason, file) => ({ value, reason, file });
/** @param {string} value @param {string} reason @param {string | null} file @returns {Output} */
const server = (value, reason, file, remedy = '') => ({
  ...site(value, reason, file),
  note: `the output is a server, not a static site${remedy && `: ${remedy}`}`,
});

/** A setting where it is sure: its text, or undefined. @param {Building} building @param {string} place */
function text(building, place) {
  const found = setting(building, place);
  return found && 'value' in found ? { value: found.value, file: found.file } : undefined;
}

/** @param {Building} building @returns {Output} */
function nextOutput(building) {
  const { files, directory, commands } = building;
  const exported = commands.find((words) => words[0] === 'next' && words[1] === 'export');
  if (exported) return site(flagOf(exported, ['-o', '--outdir']) ?? 'out', 'next export', null);
  const output = setting(building, 'next.config#output');
  const own = setting(building, 'next.config#distDir');
  if (output && 'unsure' in output) return unsure('output', output);
  if (own && 'unsure' in own) return unsure('distDir', own);
  const named = own && String(own.value);
  if (output?.value === 'export') return site(named ?? 'out', "output: 'export'", output.file);
  const file = output?.file ?? configFile(files, posix.join(directory, 'next.config')) ?? null;
  return server(
    named ?? '.next',
    "output is not 'export'",
    file,
    "output: 'export' in next.config makes a static one",
  );
}

/** Where Nitro's presets write, as far as that is not .output; what is served is in .output/public for those that are static. */
const PRESETS = /** @type {const} */ ([
  [/^netlify(?!.*static)/, 'dist'],
  [/^cloudflare[-_]pages/, 'dist'],
  [/^vercel/, '.vercel/output'],
  [/^(static|github[-_]pages|gitlab[-_]pages|.*[-_]static)$/, '.output/public'],
]);

/** The directory that a preset of Nitro's has; undefined if it is the usual one. @param {unknown} preset */
function ofPreset(preset) {
  return PRESETS.find(([name]) => typeof preset === 'string' && name.test(preset))?.[1];
}

/**
 * Of a command that names the directory which it builds.
 * @param {(building: Building) => Output} of @returns {(building: Building) => Output}
 */
function inNamed(of) {
  return (building) => {
    const named = positionals(building.words).find((word) =>
      building.files.isDirectory(posix.join(building.directory, word)),
    );
    if (named === undefined) return of(building);
    const output = of({ ...building, directory: posix.join(building.directory, named) });
    return output.value === null ? output : { ...output, value: posix.join(named, output.value) };
  };
}

/** @param {Building} building @returns {Output} */
function nuxtOutput(building) {
  const { manifest, words, script } = building;
  const field = manifest?.dependencies.get('nuxt') ?? '';
  const version = String(objectOf(manifest?.fields[field]).nuxt);
  const isGenerated = /\bgenerate\b/.test(script) || script === '' || words.includes('--prerender');
  const preset = text(building, 'nuxt.config#nitro.preset');
  const isStatic = isGenerated || ofPreset(preset?.value ?? flagOf(words, ['--preset'])) === '.output/public';
  if (/^[\^~]?2\b/.test(version)) {
    const own = text(building, 'nuxt.config#generate.dir');
    return isGenerated
      ? site(String(own?.value ?? 'dist'), own ? 'generate.dir' : 'Nuxt 2 generates it', own?.file ?? null)
      : server('.nuxt', 'nuxt build', null);
  }
  const [folder, own] = ['dir', 'publicDir'].map((key) => text(building, `nuxt.config#nitro.output.${key}`));
  const output = String(folder?.value ?? '.output');
  if (!isStatic && !folder && preset && ofPreset(preset.value))
    return server(ofPreset(preset.value) ?? '', 'nitro.preset', preset.file);
  if (!isStatic)
    return server(output, 'nuxt build', folder?.file ?? null, 'nuxt generate makes a static one');
  if (own) return site(String(own.value), 'nitro.output.publicDir', own.file);
  return site(
    `${output}/public`,
    isGenerated ? 'nuxt generate' : 'nitro.preset',
    (folder ?? preset)?.file ?? null,
  );
}

/** What each adapter writes: its default, the option that changes it, and whether it is a static site. */
const ADAPTERS = /** @type {const} */ ([
  ['@sveltejs/adapter-static', 'build', 'pages', true],
  ['@sveltejs/adapter-node', 'build', 'out', false],
  ['svelte-adapter-bun', 'build', 'out', false],
  ['@sveltejs/adapter-netlify', 'build', '', false],
  ['@sveltejs/adapter-cloudflare', '.svelte-kit/cloudflare', '', false],
  ['@sveltejs/adapter-vercel', '.vercel/output', '', false],
]);

/** The package of the adapter, where a configuration chooses one of several. @param {string} source @returns {string | undefined} */
function adapterIn(source) {
  const imported = new Map(
    [...source.matchAll(/^import (\w+) from ['"]([^'"]+)['"]/gm)].map(([, name = '', value = '']) => [
      name,
      { tokens: [{ kind: /** @type {const} */ ('text'), text: `'${value}'`, value }], at: 0, folder: '.' },
    ]),
  );
  const found = settingIn(source.replace(/\badapter:\s*(\w+)\s*\(.*$/m, 'adapter: $1,'), 'kit.adapter', {
    imported,
  });
  return found && 'value' in found ? String(found.value) : undefined;
}

/** @param {Building} building @returns {Output} */
function svelteKitOutput(building) {
  const { files, directory } = building;
  const file =
    configFile(files, posix.join(directory, 'svelte.config')) ??
    configFile(files, posix.join(directory, 'vite.config'));
  const imported = file === undefined ? [] : stringsIn(files.text(file) ?? '');
  const chosen = file === undefined ? undefined : adapterIn(files.text(file) ?? '');
  const [name, dist, option, isSite] =
    ADAPTERS.find(([one]) => (chosen === undefined ? imported.includes(one) : one === chosen)) ?? [];
  const remedy = '@sveltejs/adapter-static makes a static one';
  if (name === undefined)
    return server('.svelte-kit/output', 'no adapter that koalaci knows', file ?? null, remedy);
  // Newer ones have their options in Vite's configuration.
  const places = option
    ? [`svelte.config#kit.adapter.*.${option}`, `vite.config#plugins.*.adapter.*.${option}`]
    : [];
  const own = places.map((place) => setting(building, place)).find((found) => found !== undefined);
  if (own && 'unsure' in own) return unsure(option ?? '', own);
  const value = own ? String(own.value) : (dist ?? '');
  return isSite ? site(value, name, file ?? null) : server(value, name, file ?? null, remedy);
}

/** @param {Building} building @returns {Output} */
function reactRouterOutput(building) {
  return clientOrServer(building, 'react-router.config#', 'build');
}

/** @param {Building} building @returns {Output} */
function remixOutput(building) {
  return clientOrServer(building, 'vite.config#plugins.*.', 'build');
}

/** @param {Building} building @param {string} prefix of the settings @param {string} usual @returns {Output} */
function clientOrServer(building, prefix, usual) {
  const folder = text(building, `${prefix}buildDirectory`);
  const ssr = text(building, `${prefix}ssr`);
  const dist = String(folder?.value ?? usual);
  if (ssr?.value === false) return site(`${dist}/client`, 'ssr: false', ssr.file);
  return server(
    dist,
    folder ? 'buildDirectory' : 'ssr is on',
    (ssr ?? folder)?.file ?? null,
    'ssr: false makes a static one',
  );
}

/** @param {Building} building @returns {Output} */
function tanStackOutput(building) {
  const { files, directory } = building;
  const nitro = nitroOutput(building, configFile(files, posix.join(directory, 'vite.config')));
  for (const key of ['spa', 'prerender']) {
    const on = text(building, `vite.config#plugins.*.${key}.enabled`);
    if (on?.value !== true) continue;
    // Nitro takes the pages into its own directory; a host's preset has one that is all of it.
    if (nitro && nitro.value !== '.output') return nitro;
    return site(nitro ? '.output/public' : 'dist/client', `${key} is on`, on.file);
  }
  const vinxi = configFile(files, posix.join(directory, 'app.config'));
  if (vinxi) return vinxiOutput(building);
  const file = configFile(files, posix.join(directory, 'vite.config'));
  return nitro ?? server('dist', 'ssr is on', file ?? null);
}

/** Where Nitro is a plugin of Vite's. @param {Building} building @param {string | undefined} file @returns {Output | undefined} */
function nitroOutput(building, file) {
  const imported = file === undefined ? [] : stringsIn(building.files.text(file) ?? '');
  if (!imported.some((one) => /^nitro(\/vite)?$|nitro-v2-vite-plugin/.test(one))) return undefined;
  const preset = text(building, 'vite.config#plugins.*.preset') ?? text(building, 'nitro.config#preset');
  const dist = ofPreset(preset?.value);
  if (dist === '.output/public') return site(dist, 'preset', preset?.file ?? null);
  return server(dist ?? '.output', preset ? 'preset' : 'nitro', preset?.file ?? file ?? null);
}

/** @param {Building} building @returns {Output} */
function vinxiOutput(building) {
  const vite = nitroOutput(
    building,
    configFile(building.files, posix.join(building.directory, 'vite.config')),
  );
  if (vite) return vite;
  const preset = text(building, 'app.config#server.preset');
  const dist = ofPreset(preset?.value);
  if (dist === '.output/public') return site(dist, 'server.preset', preset?.file ?? null);
  if (dist) return server(dist, 'server.preset', preset?.file ?? null);
  return server(
    '.output',
    'server.preset is not static',
    preset?.file ?? null,
    "server.preset: 'static' makes a static one",
  );
}

/** @param {Building} building @returns {Output} */
function solidStartOutput(building) {
  return building.manifest?.dependencies.has('solid-start')
    ? site('dist/public', 'solid-start', null)
    : vinxiOutput(building);
}
