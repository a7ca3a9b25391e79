# [{tags, versions}…] → one {tags, versions}; of two tags with one name the first counts.
{tags: (map(.tags) | reverse | add), versions: (map(.versions) | add)}
