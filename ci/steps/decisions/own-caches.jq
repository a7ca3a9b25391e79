# A package.json → the patterns of its list koalaci.cache, a line each.
.koalaci?.cache? // [] | if type == "array" then .[] else empty end | strings
