# A package's document from the registry, and $own, a pattern for versions → {tags, versions, nodes} that match it. nodes has the
# range of Node that a version asks for.
{
  tags: (.["dist-tags"] // {} | with_entries(select(.value | test($own)))),
  versions: (.versions | keys | map(select(test($own)))),
  nodes: (.versions | with_entries(select(.key | test($own)) | .value |= ([.engines | objects | .node | strings][0] // "")))
}
