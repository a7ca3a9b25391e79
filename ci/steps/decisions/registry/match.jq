# {tags, versions}, and $range → the version that a tag, an exact version, or "20", "20.19", "20.x" means; nothing when there is
# none, or when $range needs semver. So the image's first Node is found without a Node.
def tagged: .tags[$range] // empty;

def exact: ($range | ltrimstr("v")) as $version | if .versions | index($version) then $version else empty end;

def partial:
  ($range | capture("^v?(?<begin>[0-9]+(\\.[0-9]+)?)(\\.[xX*])*$") | "\(.begin).") as $begin
  | .versions | map(select(startswith($begin) and (test("[-+]") | not)) | split(".") | map(tonumber))
  | max // empty | map(tostring) | join(".");

[tagged, exact, partial][0] // empty
