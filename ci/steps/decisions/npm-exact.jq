# [a package-lock.json, node_modules/.package-lock.json] → whether everything that npm has installed is as in the lockfile.
def identity: [.version, .integrity, .resolved];

.[0].packages as $locked
| .[1].packages | to_entries | all(.key as $path | .value | identity == ($locked[$path] | identity))
