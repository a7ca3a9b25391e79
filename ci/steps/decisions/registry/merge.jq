# [{tags, versions}…] → one {tags, versions}; if two have a tag of the same name, the first wins.
{tags: (map(.tags) | reverse | add), versions: (map(.versions) | add)}
