# The document of a version, or of its whole package, and $version → the address of its tarball, and its sha512 in base64.
(.dist // .versions[$version].dist // empty)
| .tarball, ([.integrity // "" | splits(" +") | select(startswith("sha512-"))][0] // "" | .[7:])
