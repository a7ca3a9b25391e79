# The registry's document of a version or of its package, and $version → the URL of the tarball, and its sha512 in base64.
(.dist // .versions[$version].dist // empty)
| .tarball, ([.integrity // "" | splits(" +") | select(startswith("sha512-"))][0] // "" | .[7:])
