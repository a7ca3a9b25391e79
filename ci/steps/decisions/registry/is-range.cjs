// usage: is-range.cjs TEXT; whether npm would take it for a version or a range: the exit code.
process.exitCode = require('semver').validRange(process.argv[2], { loose: true }) === null ? 1 : 0;
