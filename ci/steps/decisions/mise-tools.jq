# A mise.toml as JSON → the versions of koalaci's tools in it, one per line: place, tool, version, with tabs between them.
# Of several versions the first one counts. Templates are for mise alone.
def version: if type == "array" then .[0] | version elif type == "object" then .version | version
  elif type == "number" then tostring else strings end;
.tools | objects | to_entries[]
# A key may say where mise has the tool from, such as core:node or aqua:pnpm/pnpm.
| (.key | sub("^[a-z]+:([a-z]+/)?"; "") | if . == "nodejs" then "node" else . end) as $tool
| select($tool | IN("node", "npm", "yarn", "pnpm", "bun"))
| (.value | version | gsub("[\\x00-\\x1f]"; " ")) | select(. != "" and (contains("{{") | not))
| "tools\t\($tool)\t\(.)"
