# [a package-lock.json, node_modules/.package-lock.json] → whether npm has installed nothing but what the first one says.
def identity: [.version, .integrity, .resolved];

.[0].packages as $locked
| .[1].packages | to_entries | all(.key as $path | .value | identity == ($locked[$path] | identity))
