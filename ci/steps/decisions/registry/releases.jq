# A package's document from the registry, and $own, a pattern for versions → {tags, versions} that match it.
{
  tags: (.["dist-tags"] // {} | with_entries(select(.value | test($own)))),
  versions: (.versions | keys | map(select(test($own))))
}
