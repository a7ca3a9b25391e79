# A package.json → its programs, one per line: name and file. A single file gets the package's name, without the scope.
(.name // "" | split("/")[-1]) as $name
| .bin // {} | if type == "string" then {($name): .} else . end
| to_entries[] | "\(.key) \(.value | ltrimstr("./"))"
