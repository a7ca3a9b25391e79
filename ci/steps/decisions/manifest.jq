# A package.json → what the step toolchain needs to know: how many dependencies, the package manager's name, and then one line for
# each version that it asks for: place, tool and version, with tabs between them.
def many: if type == "array" then .[] else . end | objects;
# Numbers, too: in YAML, 20 is one.
def text: if type == "string" then gsub("[\\x00-\\x1f]"; " ") elif type == "number" then tostring else "" end;
def count: if type == "object" then length else 0 end;
# Always one value, so that each line is there: a value of an unexpected type counts as missing.
def maybe(path): [path?][0];
def asks($it): if $it then 1 else 0 end;

# How many dependencies there are; workspaces and install scripts count too. 0: nothing to install.
def dependencies:
  ([.dependencies, .devDependencies, .optionalDependencies, .peerDependencies | count] + [asks(.workspaces)]
    + [.scripts | asks(maybe(.preinstall), maybe(.install), maybe(.postinstall), maybe(.prepare))]) | add;

# packageManager, such as "pnpm@9.1.0+sha512.…": its name and version
def exact: (.packageManager | text | split("@")) | [.[0] // "", (.[1] // "" | split("+")[0] // "")];
def dev_managers: maybe(.devEngines.packageManager) | many;
def named: exact[0], (dev_managers | .name | text) | select(. != "");

# The tools that koalaci provides, of an object such as engines.
def tools: objects | to_entries[] | select(.key | IN("node", "npm", "yarn", "pnpm", "bun")) | [.key, (.value | text)];
def requests:
  (["packageManager"] + exact),
  (["volta"] + (.volta | tools)),
  (["devEngines"] + ((maybe(.devEngines.runtime) | many), dev_managers | [.name, .version | text])),
  (["engines"] + (.engines | tools));

if type != "object" then error("it is not an object") else . end
| dependencies, ([named][0] // ""), (requests | map(sub("^ +"; "") | sub(" +$"; "")) | select(.[1] != "" and .[2] != "") | join("\t"))
