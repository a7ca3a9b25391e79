# A package.json → its programs, a line each: name and file. A lone file goes by the package's name, without the scope.
(.name // "" | split("/")[-1]) as $name
| .bin // {} | if type == "string" then {($name): .} else . end
| to_entries[] | "\(.key) \(.value | ltrimstr("./"))"
