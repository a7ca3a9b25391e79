# A package-lock.json → the package.json of the project and of each workspace, as paths relative to the lockfile.
.packages // {} | keys[] | select(test("(^|/)node_modules/") | not) | if . == "" then "package.json" else "\(.)/package.json" end
