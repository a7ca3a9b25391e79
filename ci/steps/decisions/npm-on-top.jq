# [a package-lock.json, the node_modules/.package-lock.json of the last install, then the manifests that npm-manifests.jq names, in
# that order] → whether `npm install` would make of that install what `npm ci` makes from nothing.
def asked: [.dependencies, .devDependencies, .optionalDependencies, .peerDependencies] | map(. // {});
def bits: [.integrity, .resolved];

.[0].packages as $locked
# If the lockfile is out of step with a manifest, npm install would fix it in passing; npm ci must run, and fail.
| ([$locked | keys[] | select(test("(^|/)node_modules/") | not) | $locked[.] | asked] == (.[2:] | map(asked)))
# npm takes packages for what the lockfile says as long as their version is the same, if a directory among them has changed since.
  and (.[1].packages | to_entries | all(
    .value as $there | $locked[.key] | . == null or .version != $there.version or bits == ($there | bits)))
