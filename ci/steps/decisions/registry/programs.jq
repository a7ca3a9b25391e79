# A package.json → its programs, a line each: name and file.
.bin // {} | to_entries[] | "\(.key) \(.value | ltrimstr("./"))"
