#!/usr/bin/env bash
# The questions that koalaci asks a package manager, and the default answers; a library.
#
# A new package manager gets its own file. It must answer name, lockfiles, frozen, plain, package and versions, and the others if
# its answer differs from the default. It registers with MANAGERS[n]=FLAVOUR, where FLAVOUR is the name of its file and n is
# its own; koalaci tries the flavour with the lowest n first. npm has the highest: the last flavour builds the projects that
# neither name a package manager nor have a lockfile.
# shellcheck disable=SC2034 # the callers use the answers
set -Eeuo pipefail

# Names
#   name        REPLY: its name in jobs and in package.json; flavours of one package manager share it
#   lockfiles   WORDS: the names of its lockfile, the current one last
default::fits_project() { true; } # whether the project uses this flavour, if several share a name
default::has_workspaces() { false; } # whether the project has workspaces that package.json does not list

# Install
#   frozen      WORDS: the command that installs exactly what the lockfile says, and never changes it
#   plain       WORDS: the command that installs without a lockfile; it may write one
default::incremental() { false; } # usage: … LOCKFILE; sets WORDS to a faster command for a warm install, if one is safe
default::is_exact() { true; } # usage: … LOCKFILE; whether the incremental install installed exactly what the lockfile says
default::before_plain() { :; } # makes what the plain install needs
default::wants_lockfile() { false; } # whether its programs want the lockfile in the project during a build
default::workspaces_in() { REPLY=package.json; } # sets REPLY to the file that lists workspaces
default::dev_variables() { REPLY=''; } # the variables by which a job says whether it wants devDependencies, as an extended regular expression
# Whether it leaves devDependencies out for NODE_ENV=production alone. Adds to WORDS what has it install them all the same; sets
# REPLY to a variable that leaves them out.
default::with_dev() { false; }
default::refused_scripts() { :; } # prints the packages whose install scripts it did not run, one per line; after an install
default::refused_line() { REPLY=''; } # sets REPLY to an extended regular expression for a line of an install that names one of these, as its first group
default::allowed_by() { REPLY=''; } # sets REPLY to what allows scripts, in words
default::drop_mutable() { :; } # removes downloads that it would take for the lockfile's by their names alone
default::marks_scripts() { false; } # whether it runs install scripts in the shell that npm_config_script_shell names, in a project
default::add_words() { :; } # after a failed install; prints what it did not say itself

# What an install depends on, besides package.json and the lockfile
default::inputs() { WORDS=(); } # its configuration files, as git globs below any directory
default::variables() { REPLY=''; } # its environment variables, as an extended regular expression for the whole name

# Environment and home directory
default::base_environment() { :; } # adds to BUILD_ENV variables for every build, whichever package manager the project uses
default::environment() { :; } # adds to BUILD_ENV variables for the projects that use it
default::downloads() { WORDS=(); } # the paths of its download caches as globs, relative to the home directory
# REPLY: how many parts of a path below such a cache name an entry that goes as a whole, because nobody compares the files in it
# with a hash; 0 if each file goes alone.
default::parts_of_download() { REPLY=0; }

# Versions
#   package     REPLY: its name in the npm registry, from which alone koalaci installs it
#   versions    REPLY: an extended regular expression for the versions of that package that belong to this flavour
# Usage: … NODE; sets REPLY to the range of versions that read what the project has, such as its lockfile, and REPLY_WHY to the
# reason, in few words. Both are empty if all do. That NODE can run the version is seen to elsewhere.
default::version_for() { REPLY='' REPLY_WHY=''; }
# The ranges that most of its projects have, as version_for says them; `*` stands for none.
default::usual_ranges() { WORDS=('*'); }
default::complete() { :; } # usage: … VERSION DIRECTORY; adds what the unpacked package lacks, such as dependencies
# Usage: … DIRECTORY; prints the programs of the unpacked package, one per line: name, file, argument. Node runs those that
# are not native.
default::programs() {
  jq -rf "$DECISIONS/registry/programs.jq" "$1/package.json"
}
