// usage: newest.cjs MODE NODE RANGE… <{versions, nodes}; prints the newest version, by npm's rules.
//
// MODE all: that satisfies all of the ranges, and that NODE can run. MODE most: what cannot be had is left out: first NODE, then
// the later ranges. MODE lts: as all, but an even major is better than an odd one, since those of Node become LTS lines.
// An empty NODE or RANGE asks for nothing.
const { readFileSync } = require('node:fs');
const semver = require('semver');

const loose = { loose: true };
const [mode, node, ...ranges] = process.argv.slice(2);
const { versions, nodes = {} } = JSON.parse(readFileSync(0, 'utf8'));

const runs = (version) => !nodes[version] || !node || semver.satisfies(node, nodes[version], loose);

function newest(asked, fits) {
  const found = versions
    .filter((version) => asked.every((range) => semver.satisfies(version, range, loose)) && fits(version))
    .sort((a, b) => semver.rcompare(a, b, loose));
  const even = found.find((version) => semver.major(version, loose) % 2 === 0);
  return mode === 'lts' ? (even ?? found[0]) : found[0];
}

/** The first list of ranges that can be had. */
function most() {
  for (let count = ranges.length; count > 0; count--) {
    const found = newest(ranges.slice(0, count), runs) ?? newest(ranges.slice(0, count), () => true);
    if (found) return found;
  }
  return undefined;
}

console.log((mode === 'most' ? most() : newest(ranges, runs)) ?? '');
