# A package.json → the patterns of its list koalaci.cache, one per line.
.koalaci?.cache? // [] | if type == "array" then .[] else empty end | strings
