#!/usr/bin/env bash
# The questions that a package manager answers, each with the answer of one that says nothing of it; a library.
#
# A new package manager answers in a file of its own: name, lockfiles, frozen, package and versions it must answer; the
# rest where it differs. It enters itself with MANAGERS[n]=FLAVOUR, its file's name and an n of its own: a project is
# compared with the lower n first. npm's is the highest, for the last one builds projects that neither name a package
# manager nor have a lockfile.
# shellcheck disable=SC2034 # the answers are for those who ask
set -Eeuo pipefail

# What it is called
#   name        REPLY: as a job and package.json call it; flavours of one package manager share it
#   lockfiles   WORDS: names of its lockfile, the one that it writes today last
default::fits_project() { true; } # whether the project is this flavour's; asked of those that share a name
default::has_workspaces() { false; } # whether the project has workspaces that package.json says nothing of

# Install
#   frozen      WORDS: the command that installs what the lockfile says, and never changes it
default::incremental() { false; } # usage: … LOCKFILE; sets WORDS: a faster command for a tree that is there, where one may be used
default::is_exact() { true; } # usage: … LOCKFILE; whether the incremental install made nothing but what the lockfile says
default::dependencies() { WORDS=(); } # what an install makes in the project besides node_modules, as in .gitignore

# What an install depends on, besides package.json and the lockfile
default::inputs() { WORDS=(); } # its files, as git globs below any directory
default::variables() { REPLY=''; } # its environment variables, as an extended regular expression for the whole name

# Its surroundings
default::base_environment() { :; } # adds to BUILD_ENV what every build gets, whatever package manager is the project's
default::environment() { :; } # adds to BUILD_ENV what the builds of its own projects get
default::downloads() { WORDS=(); } # directories below the home directory in which it keeps what it has downloaded; .cache stays anyway

# Its versions
#   package     REPLY: its name in the npm registry, the only place that it is installed from
#   versions    REPLY: an extended regular expression for the versions of that package that are this flavour's
default::version_for() { REPLY=''; } # usage: … NODE; a range, where the image's version does not fit this Node or the lockfile
default::complete() { :; } # usage: … VERSION DIRECTORY; adds to the unpacked package what is not in it, such as dependencies
default::programs() { # usage: … DIRECTORY; prints the programs of the unpacked package, a line each: name, file, argument; what is not native, node runs
  jq -rf "$DECISIONS/registry/programs.jq" "$1/package.json"
}
