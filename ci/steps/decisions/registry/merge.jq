# [{tags, versions, nodes}…] → one {tags, versions, nodes}; if two have a tag of the same name, the first wins.
{tags: (map(.tags) | reverse | add), versions: (map(.versions) | add), nodes: (map(.nodes // {}) | add)}
