# [a package-lock.json, then the manifests that npm-manifests.jq names, in that order] → whether the lockfile has the same
# dependencies as the manifests.
def asked: [.dependencies, .devDependencies, .optionalDependencies, .peerDependencies] | map(. // {});

.[0].packages as $packages
| [$packages | keys[] | select(test("(^|/)node_modules/") | not) | $packages[.] | asked] == (.[1:] | map(asked))
