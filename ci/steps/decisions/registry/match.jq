# {tags, versions}, and $range (a tag, an exact version, or one such as "20", "20.19", "20.x") → the version that it means;
# nothing if there is none, or if $range needs semver. It needs no Node, so the image build finds its first Node with it.
def tagged: .tags[$range] // empty;

def exact: ($range | ltrimstr("v")) as $version | if .versions | index($version) then $version else empty end;

def partial:
  ($range | capture("^v?(?<begin>[0-9]+(\\.[0-9]+)?)(\\.[xX*])*$") | "\(.begin).") as $begin
  | .versions | map(select(startswith($begin) and (test("[-+]") | not)) | split(".") | map(tonumber))
  | max // empty | map(tostring) | join(".");

[tagged, exact, partial][0] // empty
