// usage: node is-member.cjs FILE DIRECTORY; exits with 0 if the workspaces that FILE lists have DIRECTORY, a path relative to
// FILE's. FILE is a package.json (npm, yarn, bun) or a pnpm-workspace.yaml.
'use strict';
const { readFileSync } = require('node:fs');
const { matchesGlob, normalize } = require('node:path').posix;

/** The text of a quoted or plain word of YAML. */
function word(text) {
  const [, single, double, plain] = /^(?:'((?:[^']|'')*)'|"([^"]*)"|([^#]*?))\s*(?:\s#.*)?$/.exec(text) ?? [];
  return single?.replaceAll("''", "'") ?? double ?? plain ?? '';
}

/** The list `packages` of a YAML file: a line for each, or all in brackets. */
function packagesOf(yaml) {
  const [, value = ''] =
    /^(?:packages|'packages'|"packages")[ \t]*:(.*(?:\n(?:[ \t#\]-].*)?)*)/m.exec(yaml) ?? [];
  const [, flow] = /^[ \t]*(?:#.*)?\s*\[([^\]]*)/.exec(value) ?? [];
  if (flow !== undefined) return (flow.match(/'(?:[^']|'')*'|"[^"]*"|[^\s,]+/g) ?? []).map(word);
  return [...value.matchAll(/^[ \t]*-[ \t]+(.*)$/gm)].map(([, item]) => word(item));
}

/** The patterns that a file with this text lists. */
function listed(file, text) {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
  if (file.endsWith('.yaml')) return packagesOf(plain);
  const { workspaces } = JSON.parse(plain);
  const list = Array.isArray(workspaces) ? workspaces : workspaces?.packages;
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function isMember(file, directory) {
  let member = false;
  // The last one that fits decides.
  for (const pattern of listed(file, readFileSync(file, 'utf8'))) {
    const [, not, glob] = /^(!?)(.*)$/s.exec(pattern.trim());
    if (matchesGlob(directory, normalize(glob).replace(/\/$/, ''))) member = not === '';
  }
  return member;
}

module.exports = { listed };
if (require.main === module) process.exitCode = isMember(...process.argv.slice(2)) ? 0 : 1;
