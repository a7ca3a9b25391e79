# A package.json → what the step toolchain needs to know, one line per field, in the order of MANIFEST_FIELDS.
def one: if type == "array" then .[0] else . end | if type == "object" then . else {} end;
def text: if type == "string" then gsub("[\\x00-\\x1f]"; " ") else "" end;
def count: if type == "object" then length else 0 end;
# Always one value, so that each field keeps its line: a value of an unexpected type counts as missing.
def maybe(path): [path?][0];
def asks($it): if $it then 1 else 0 end;

def node_of_dev_engines: maybe(.devEngines.runtime) | one | select(.name == "node") // {} | .version | text;

# [name, version]; packageManager, such as "pnpm@9.1.0+sha512.…", wins over devEngines.
def manager:
  ((.packageManager | text) | split("@")) as $exact
  | if $exact[0] then [$exact[0], ($exact[1] // "" | split("+")[0] // "")]
    else maybe(.devEngines.packageManager) | one | [.name, .version | text] end;

# How many dependencies there are; workspaces and install scripts count too. 0: nothing to install.
def dependencies:
  ([.dependencies, .devDependencies, .optionalDependencies, .peerDependencies | count] + [asks(.workspaces)]
    + [.scripts | asks(maybe(.preinstall), maybe(.install), maybe(.postinstall), maybe(.prepare))]) | add;

if type != "object" then error("it is not an object") else . end
| (maybe(.volta.node) | text), node_of_dev_engines, (maybe(.engines.node) | text), manager[], dependencies
