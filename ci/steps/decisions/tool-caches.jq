# package.json files, all of the workspace → the patterns of its tool caches, as in .gitignore and from the workspace's root,
# one per line: those of the table, and after a comment the project's own.
#
# $table is frameworks.txt; $root the project's directory, relative to the workspace. $converted is the directory of those files
# that were no JSON. A file that is no object, and a field of an unexpected type, count as empty.

# The directory of the file that is being read, with a slash at its end; '' for the workspace.
def directory: input_filename | ltrimstr($converted) | split("/")[:-1] | map("\(.)/") | add // "";
# As it stands in a pattern. Without regular expressions, which would take longer than all the rest.
def escape($sign): split($sign) | join("\\\($sign)");
def literal: escape("\\") | escape("*") | escape("?") | escape("[");
def object: if type == "object" then . else {} end;

# { pattern, packages }, of the caches that are relative to a package
def rows: $table | split("\n[caches]")[1] | split("\n")[1:]
  | map(select(. != "" and ([.[0:1]] | inside(["#", "~", "/"]) | not)) | split(" ") | map(select(. != "")))
  | map({ pattern: .[0], packages: (.[1] | split("|")) });

# usage: directory, literally | anchor(pattern): both as one pattern from the root; a ! stays in front
def anchor($pattern): if $pattern | startswith("!") then "!/\(.)\($pattern[1:])" else "/\(.)\($pattern)" end;

# The list koalaci.cache, relative to its package.json; without what leads out of it.
def own: object | .koalaci | object | .cache | if type == "array" then .[] else empty end | strings
  | ltrimstr("./") | ltrimstr("/") | select(. != "" and ("/\(.)/" | contains("/../") | not));

# The packages that a package.json names, as the keys of an object; * is one of them.
def named: object | [.dependencies, .devDependencies, .optionalDependencies, .peerDependencies]
  | map(objects) | add + { "*": null };

# Of { pattern: place }, the patterns in their order.
def listed: to_entries | sort_by(.value)[].key;

rows as $rows
| (if $root == "." then "" else "\($root)/" end) as $project
| reduce (inputs | . as $manifest | directory as $at | ($at | literal) as $here | named as $named
    | ($rows[] as $row | select($named | has($row.packages[])) | $row.pattern as $pattern
        | ($here, ("" | select($pattern | startswith("node_modules/")))) | ["tools", anchor($pattern)]),
      (select($at == "" or $at == $project) | own as $pattern | ["own", ($here | anchor($pattern))]))
    as [$list, $pattern] ({ tools: {}, own: {} };
    # Each once, in the order of the table: of two that fit the same path, the last one counts.
    if .[$list] | has($pattern) then . else .[$list][$pattern] = (.[$list] | length) end)
| (.tools | listed), (.own | select(length > 0) | "# koalaci.cache", listed)
