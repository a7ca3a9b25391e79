# A package.json → whether npm 10.9 and newer take its field devEngines. Others of them refuse to do anything
# (npm-install-checks, lib/dev-engines.js); older ones do not read it.
def known($names): keys - $names == [];
def text($field; is): (has($field) | not) or (.[$field] | type == "string" and is);

def fits:
  type == "object" and known(["name", "version", "onFail"]) and has("name") and text("name"; true) and text("version"; true)
  and text("onFail"; IN("ignore", "warn", "error", "download"));

if type != "object" or (has("devEngines") | not) then true
else .devEngines
  | type == "object" and known(["packageManager", "runtime", "cpu", "libc", "os"]) and all(.[] | [.] | flatten(1)[]; fits)
end
