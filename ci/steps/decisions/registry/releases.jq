# A package's document of the registry, and $own, a pattern for versions → {tags, versions}: those that fit it.
{
  tags: (.["dist-tags"] // {} | with_entries(select(.value | test($own)))),
  versions: (.versions | keys | map(select(test($own))))
}
