#!/bin/sh
# Builds the builder image, whatever the current directory is: hands over to image/build.sh.
exec bash "$(dirname "$(readlink -f "$0")")/image/build.sh" "$@"
