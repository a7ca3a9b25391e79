# A package.json → what of it is more than its form: the same for one that yarn 2 or newer has written anew while it installed.
#
# It sorts dependencies, and drops what is empty. The order of all else stays, as it may mean something.
def is_dependencies: test("^((dev|peer|optional)D|d)ependencies(Meta)?$|^peerDependenciesMeta$");
def may_be_empty: is_dependencies or . == "scripts" or . == "resolutions" or . == "bin";
if type != "object" then .
else to_entries
  | map(select((.value == {} and (.key | may_be_empty)) or (.key == "private" and .value == false) | not))
  | map(if (.key | is_dependencies) and (.value | type) == "object" then .value |= (to_entries | sort_by(.key) | from_entries) else . end)
  | from_entries
end
