# A *.tsbuildinfo → whether tsc has written none of the files that it tells of, but has only checked them.
#
# What it wrote is not kept, and where its notes say that a file is there, it would not write it again. The notes name in
# affectedFilesPendingEmit those that it has not written, by their place in fileNames, counted from 1; a pair when only a
# part of the output is missing. Declarations and JSON files are never written.
(.program // .)
| [.affectedFilesPendingEmit[]? | if type == "array" then .[0] else . end] as $unwritten
| .fileNames | to_entries | map(select(.value | test("\\.(d\\.[cm]?ts|json)$") | not) | .key + 1) - $unwritten == []
