#!/bin/sh
# Builds the builder image, from any directory. The work is done by image/build.sh.
exec bash "$(dirname "$(readlink -f "$0")")/image/build.sh" "$@"
