# A *.tsbuildinfo → whether tsc has only checked the files in it, and has written output for none of them.
#
# A warm build does not keep tsc's output, but tsc would not write again what this file lists as written.
# affectedFilesPendingEmit has the files whose output is not written, as their place in fileNames, counted from 1, or as a
# pair if only part of the output is missing. tsc never writes output for declarations and JSON files.
(.program // .)
| [.affectedFilesPendingEmit[]? | if type == "array" then .[0] else . end] as $unwritten
| .fileNames | to_entries | map(select(.value | test("\\.(d\\.[cm]?ts|json)$") | not) | .key + 1) - $unwritten == []
