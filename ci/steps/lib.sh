#!/usr/bin/env bash
# What all steps use: running commands as the build user, facts for the entrypoint, failing with a reason; a library.
#
# A step is a function that runs as root in a subshell of the entrypoint. It reads and writes project files through
# as_build, because this root has no capability to access other users' files.
# shellcheck disable=SC2034 # the files that source this one use its variables
set -Eeuo pipefail

readonly WORKSPACE=/workspace
readonly FACTS_FILE=$RUN/facts
# Notes from the last build. Root owns them, and they are part of the snapshot.
readonly STATE=/koala/state
# Its time is when the project's build command began.
readonly BUILD_BEGAN=$RUN/build-began
# It exists if this build has installed anything.
readonly INSTALLED=$RUN/installed
readonly CA_BUNDLE=$RUN/ca.pem EXTRA_CA=$RUN/extra-ca.pem
readonly BASE_PATH=/koala/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
readonly -a BUILD_USER=(setpriv --reuid=build --regid=build --clear-groups --inh-caps=-all --bounding-set=-all
  --no-new-privs --)
# No home: nobody can make it.
readonly NO_HOME=/nonexistent
# Without root's environment.
readonly -a AS_BUILD=("${BUILD_USER[@]}" env -i "PATH=$BASE_PATH")

# The job that was read from stdin, its own environment, what git may use, and what the steps have found out.
declare -A JOB=() FACTS=()
declare -a JOB_ENV=() CREDENTIAL_PAIRS=()
# The environment of build code; steps add to it.
declare -a BUILD_ENV=()

lib::prepare() { # makes the files and variables that every step needs
  # Root's tools must not read configuration that build code can write.
  export HOME=$RUN GIT_CONFIG_GLOBAL=/dev/null PATH=$BASE_PATH LANG=C.UTF-8
  (umask 077 && : >"$FACTS_FILE")
  BUILD_ENV=(HOME=/home/build USER=build LOGNAME=build SHELL=/bin/bash LANG=C.UTF-8 "PATH=$BASE_PATH"
    CI=true KOALACI=true HUSKY=0 COREPACK_ENABLE_STRICT=0 "JOBS=${JOB[cpus]}" "RAYON_NUM_THREADS=${JOB[cpus]}"
    # Ember's persistent caches, which CI turns off: https://github.com/broccolijs/broccoli-persistent-filter
    FORCE_PERSISTENCE_IN_CI=true)
  manager::each base_environment
  proxy::prepare
  [[ ! -s $EXTRA_CA ]] || lib::trust
}

lib::trust() { # makes git, curl, node, npm, yarn, pnpm and bun trust the operator's certificate authorities too
  local name
  cat /etc/ssl/certs/ca-certificates.crt "$EXTRA_CA" >"$CA_BUNDLE"
  for name in SSL_CERT_FILE GIT_SSL_CAINFO CURL_CA_BUNDLE; do
    export "$name=$CA_BUNDLE"
    BUILD_ENV+=("$name=$CA_BUNDLE")
  done
  # Not npm_config_cafile: npm would read the whole bundle again for each connection, and an install would take twice as long.
  export NODE_EXTRA_CA_CERTS=$EXTRA_CA
  BUILD_ENV+=("NODE_EXTRA_CA_CERTS=$EXTRA_CA")
}

lib::build_env() { # usage: lib::build_env [DIRECTORY]…; sets BUILD_ENV for the project's commands; PATH begins with the programs of these directories' dependencies
  local directory bins='' pair theirs=''
  for directory in "$@"; do bins+=$directory/node_modules/.bin:; done
  proxy::for_build
  # node-gyp finds Node's headers in nodedir and does not download them.
  BUILD_ENV+=("npm_package_config_node_gyp_nodedir=/koala/node/${FACTS[node]}" "${JOB_ENV[@]}")
  for pair in "${JOB_ENV[@]}"; do
    if [[ $pair == PATH=* ]]; then theirs=${pair#PATH=}; fi
  done
  # The last one of a name counts.
  lib::extend_path "$bins${FACTS[path]}" "$theirs" && BUILD_ENV+=("PATH=$REPLY")
  lib::_make_tmpdir
  [[ ${FACTS[manager]} == none ]] || manager::call "${FACTS[flavour]}" environment
}

lib::_make_tmpdir() { # makes the directory for temporary files that the job's env names: a home begins empty
  local pair
  for pair in "${JOB_ENV[@]}"; do
    if [[ $pair == TMPDIR=?* ]]; then run_as_build mkdir -p -- "${pair#TMPDIR=}" || true; fi
  done
}

lib::program() { # usage: lib::program NAME; sets REPLY to the path of our own program of that name, whatever the project has
  local directory
  local -a directories
  IFS=: read -ra directories <<<"${FACTS[path]}"
  for directory in "${directories[@]}"; do
    REPLY=$directory/$1
    # The build user can write into its home.
    if [[ $directory != /home/* && -x $REPLY ]]; then return 0; fi
  done
  return 1
}

lib::extend_path() { # usage: lib::extend_path OURS THEIRS; sets REPLY: both, so that nobody's programs are lost; ours stand where theirs say $PATH, else first
  local ours=$1 theirs=:$2:
  # shellcheck disable=SC2016 # koalaci expands these, no shell
  local place='$PATH' braced='${PATH}'
  # An empty one would be the current directory.
  while [[ $theirs == *::* ]]; do theirs=${theirs//::/:}; done
  theirs=${theirs//:"$braced":/:$place:}
  if [[ $theirs != *:"$place":* ]]; then theirs=:$place$theirs; fi
  REPLY=${theirs//:"$place":/":$ours:"} REPLY=${REPLY#:} REPLY=${REPLY%:}
}

run_as_build() { # usage: run_as_build COMMAND…; runs a tool of ours: nothing of the project's is in its PATH or its home, where it may look for configuration
  "${AS_BUILD[@]}" "HOME=$NO_HOME" "$@"
}

run_at_home() { # usage: run_at_home COMMAND…; as run_as_build, for the few that work on the build user's home and read no configuration
  "${AS_BUILD[@]}" HOME=/home/build "$@"
}

as_build() { # usage: as_build COMMAND…; for the project's commands: BUILD_ENV is its whole environment, and no command line shows it
  (exec_as_build "$@")
}

exec_as_build() { # usage: exec_as_build COMMAND…; like as_build, but replaces the shell: for the last command of a step
  exec "${AS_BUILD[@]}" /koala/steps/as-build.sh "$@" 3< <(printf '%s\0' "${BUILD_ENV[@]}")
}

as_tree() { # usage: as_tree COMMAND…; runs tree.sh, which knows the working tree, as the build user
  run_as_build /koala/steps/tree.sh "$@"
}

lib::end_leftovers() { # kills the processes that a step left, and returns when they are gone: they could change the project later, or hold the log open
  # As root, and without a process that they could stop or take over. One call reaches all of them, so none can fork away. (cgroup.kill
  # would do the same, but no container can write to it.) Only the entrypoint may call this: all but it and init end.
  kill -KILL -- -1 2>/dev/null || true
  while lib::_is_build_left; do read -rt 0.01 _ <> <(:) || true; done
}

lib::_is_build_left() { # whether any process is left that is not root's; uses only builtins, as there may be no room for a process
  local file key value
  for file in /proc/[0-9]*/status; do
    while read -r key value; do
      [[ $key == Uid: ]] || continue
      [[ $value == 0[[:space:]]* ]] || return 0
      break
    done 2>/dev/null <"$file" || true
  done
  return 1
}

lib::end_command() { # as lib::end_leftovers, for a step, after a command of the project: its processes could change what is read next
  # As the build user only as far as it may kill: what it is to end cannot end it, as its other ids are nobody's.
  python3 -I -c 'import os, pwd
build = pwd.getpwnam("build").pw_uid
nobody = pwd.getpwnam("nobody").pw_uid
os.setgroups([])
os.setresgid(nobody, nobody, nobody)
os.setresuid(nobody, build, nobody)
os.kill(-1, 9)' 2>/dev/null || true
}

fact() { # usage: fact NAME VALUE; the entrypoint reads it when the step has ended
  printf '%s=%s\0' "$1" "$2" >>"$FACTS_FILE"
}

lib::load_facts() { # reads the step's facts into FACTS, for later steps and the report; drops what the step before said about itself
  local pair
  local -a pairs
  unset 'FACTS[skipped]' 'FACTS[note]' 'FACTS[host_keys]' 'FACTS[fault]'
  mapfile -d '' -t pairs <"$FACTS_FILE"
  for pair in "${pairs[@]}"; do FACTS[${pair%%=*}]=${pair#*=}; done
}

lib::blame() { # usage: lib::blame REASON MESSAGE REMEDY; sets why the step failed; for the entrypoint
  FACTS[reason]=$1 FACTS[message]=$2 FACTS[remedy]=$3
}

skip() { # usage: skip WHY; ends the step, which has nothing to do
  fact skipped 1
  fact note "$1"
  exit 0
}

fail() { # usage: fail REASON MESSAGE [REMEDY [FAULT]]; ends the step with a failure; FAULT: whose, if not the one of the reason (src/job/ending.ts)
  fact reason "$1"
  fact message "$2"
  [[ -z ${3:-} ]] || fact remedy "$3"
  [[ -z ${4:-} ]] || fact fault "$4"
  exit 1
}

lib::exists() { # usage: lib::exists PATH; whether it is a regular file; safe as root, since it changes nothing
  [[ -f $1 ]]
}

json::string() { # usage: json::string TEXT; sets REPLY to TEXT as a JSON string, without starting a process
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  REPLY="\"${text//[[:cntrl:]]/ }\""
}

show_bytes() { # usage: show_bytes BYTES; prints "4 GiB", "1.5 GiB", "300 MiB"
  local -i bytes=$1 unit=1073741824 tenths
  local name=GiB
  ((bytes >= unit)) || { unit=1048576 && name=MiB; }
  ((tenths = (bytes * 10 + unit / 2) / unit, 1))
  if ((tenths % 10)); then printf '%d.%d %s' $((tenths / 10)) $((tenths % 10)) $name
  else printf '%d %s' $((tenths / 10)) $name; fi
}
