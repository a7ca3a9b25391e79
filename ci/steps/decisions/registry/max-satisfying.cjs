// usage: max-satisfying.cjs RANGE <versions, one per line; prints the highest one that satisfies the range, by npm's rules.
const { readFileSync } = require('node:fs');
const semver = require('/koala/tools/npm/default/node_modules/semver');

const versions = readFileSync(0, 'utf8').trim().split('\n');
console.log(semver.maxSatisfying(versions, process.argv[2], { loose: true }) ?? '');
