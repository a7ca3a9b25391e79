#!/usr/bin/env bash
# Gives git the job's credentials, to one command at a time; a library.
#
# Root keeps them in memory, in files that the build user cannot read. For a command of the build user there is a copy that it
# can read, which goes when the command has ended. Neither an environment nor a command line holds them: git asks
# git-credential.sh and git-ssh.sh.
set -Eeuo pipefail
# shellcheck source=credential-rows.sh
source "${BASH_SOURCE[0]%/*}/credential-rows.sh"

# The copy for the build user; and git's configuration.
readonly GIVEN=$RUN/given GIT_RULES=$RUN/gitconfig
# Host keys that were met for the first time, by root's git and by the build user's.
readonly NEW_HOSTS=$RUN/new-hosts BUILD_NEW_HOSTS=/tmp/koalaci-new-hosts
# For an install: the hosts that git could not use.
readonly REFUSALS=/tmp/koalaci-refusals

credentials::prepare() { # writes what JOB and CREDENTIAL_PAIRS have into files of root's
  local pair field form scheme host path user
  local -i n=0
  rm -rf "$CREDENTIALS"
  (umask 077 && mkdir "$CREDENTIALS" && printf '%s\n' "${JOB[known_hosts]:-}" >"$CREDENTIALS/known_hosts")
  for pair in "${CREDENTIAL_PAIRS[@]}"; do
    for field in form scheme host path user; do
      printf -v "$field" '%s' "${pair%%$'\n'*}"
      pair=${pair#*$'\n'}
    done
    n+=1
    (umask 077 && printf '%s' "$pair" >"$CREDENTIALS/secret.$n")
    rows::add "$form" "$scheme" "$host" "$path" "$user" "secret.$n"
  done
  rows::print "${!ROW_HOST[@]}" >"$CREDENTIALS/rows"
}

credentials::secrets() { # prints what nobody may see in them, each ended by a NUL
  local pair user
  for pair in "${CREDENTIAL_PAIRS[@]}"; do
    if [[ $pair == ssh* ]]; then
      # As src/job/ssh-key.ts: the other lines are the same in many keys.
      printf '%s' "$pair" | tail -n +6 | { grep -vE '^-----|^.{0,15}$|^b3BlbnNzaC1rZXktdjE' || true; } | tr '\n' '\0'
    else
      user=${pair%$'\n'*} pair=${pair##*$'\n'}
      # A user name alone is a token, as at GitHub; beside a password it is none.
      printf '%s\0' "${pair:-${user##*$'\n'}}"
    fi
  done
}

credentials::narrow() { # keeps the rows of hosts that the project's manifests and lockfiles name; for the step install
  local i text
  ((${#ROW_HOST[@]})) || return 0
  # Not all of the operator's: install scripts could read them.
  # shellcheck disable=SC2016 # the inner shell expands it
  text=$(cut -f 2 "$RUN/inputs" | run_as_build sh -c 'cd "$1" && tr "\n" "\0" | xargs -0r cat -- 2>/dev/null' sh "$WORKSPACE" || true)
  for i in "${!ROW_HOST[@]}"; do
    credentials::_is_named "${ROW_HOST[i]}" "$text" || unset "ROW_HOST[$i]" "ROW_PATH[$i]"
  done
  credentials::_meet
  credentials::rules <<<"$text"
}

credentials::_is_named() { # usage: credentials::_is_named HOST TEXT; whether TEXT names the host, or has the short form of a hosting service
  local name short
  rows::name "$1" && name=$REPLY short=${REPLY%.*}:
  [[ ${2,,} == *"$name"* ]] || [[ $name =~ ^(github|gitlab|bitbucket)\. && ${2,,} == *"$short"* ]]
}

credentials::_meet() { # learns the keys of these hosts before code of the project runs, which could give false ones
  local i name port shown
  for i in "${!ROW_HOST[@]}"; do
    [[ ${ROW_FORM[i]} == ssh ]] || continue
    rows::name "${ROW_HOST[i]}" && name=$REPLY port=22
    if [[ $name != "${ROW_HOST[i]}" ]]; then port=${ROW_HOST[i]##*:}; fi
    name=${name//[][]/} shown=$name
    if ((port != 22)); then shown="[$name]:$port"; fi
    if ssh-keygen -F "$shown" -f "$CREDENTIALS/known_hosts" >/dev/null 2>&1 || ssh-keygen -F "$shown" -f "$NEW_HOSTS" >/dev/null 2>&1; then continue; fi
    # Without any way to authenticate, ssh ends when it knows the host.
    timeout 30 ssh -n -F none -o BatchMode=yes -o ConnectTimeout=20 -o HashKnownHosts=no -o PreferredAuthentications=none \
      -o StrictHostKeyChecking=accept-new -o "UserKnownHostsFile=$NEW_HOSTS $CREDENTIALS/known_hosts" \
      -p "$port" "${ROW_USER[i]}@$name" true >/dev/null 2>&1 || true
  done
  credentials::tell_new_hosts
}

credentials::rules() { # usage: credentials::rules <TEXT; writes git's configuration: the helper, and how the addresses in TEXT are rewritten
  {
    printf '[include]\n\tpath = /etc/gitconfig\n[credential]\n\thelper = %s/git-credential.sh\n\tuseHttpPath = true\n' "$STEPS"
    # git-lfs would open eight connections, however few the files are, and leave a directory in /tmp for each.
    printf '[lfs "ssh"]\n\tautoMultiplex = false\n'
    if ((${#ROW_HOST[@]})); then credentials::_bases | sort -u | credentials::rewrites; fi
  } >"$GIT_RULES.new"
  # A git that still runs must not read half of it.
  mv "$GIT_RULES.new" "$GIT_RULES"
}

credentials::_bases() { # usage: … <TEXT; prints the starts of addresses in it whose host has a row, and the usual ones, up to the path
  local i name names='' usual=''
  for i in "${!ROW_HOST[@]}"; do
    rows::name "${ROW_HOST[i]}" && name=$REPLY
    name=${name//./\\.} name=${name//[/\\[}
    names+="${names:+|}${name//]/\\]}"
    rows::name "${ROW_HOST[i]}" && name=$REPLY
    usual+="https://$name/"$'\n'"ssh://git@$name/"$'\n'"ssh://$name/"$'\n'"git@$name:"$'\n'"git@$name:/"$'\n'
  done
  printf '%s' "$usual"
  # Without those that have a password in them. An account is no part of a host: after it comes the @.
  grep -oiE "((https?|ssh)://([^]/@:[:space:]\"'<>\\]+@)?($names)(:[0-9]+)?/|\\b[A-Za-z0-9_][A-Za-z0-9_.-]*@($names):/?)" || true
}

credentials::rewrites() { # usage: credentials::rewrites <BASES; prints rules for addresses whose form has no credentials, while the host's other form has some
  local base form host path target
  local -a paths
  mapfile -t paths < <(printf '%s\n' '' "${ROW_PATH[@]}" | sort -u)
  while IFS= read -r base; do
    credentials::_split "$base"
    for path in "${paths[@]}"; do
      target=$base
      if credentials::_target "$form" "$host" "$path"; then target=$REPLY; fi
      # Without a rule of its own, a longer path would follow the rule of a shorter one.
      if [[ -n $path || $target != "$base" ]]; then credentials::_rule "$base" "$target" "$path"; fi
    done
  done
}

credentials::_split() { # usage: credentials::_split BASE; sets form and host of the caller
  local rest=${1,,}
  form=ssh
  if [[ $rest == http* ]]; then form=http; fi
  host=${rest#*://}
  host=${host##*@}
  host=${host%/}
  host=${host%:}
  case $rest in
    https:*) host=${host%:443} ;;
    http:*) [[ $host =~ :[0-9]+$ ]] || host+=:80 ;;
    *) host=${host%:22} ;;
  esac
}

credentials::_target() { # usage: credentials::_target FORM HOST PATH; sets REPLY to where such an address leads in the other form; fails if it is good as it is
  local form=$1 host=$2 path=$3 i name length=-1 own='' other=''
  rows::name "$host" && name=$REPLY
  for i in "${!ROW_HOST[@]}"; do
    if [[ ${ROW_HOST[i]} != "$host" ]] || ((${#ROW_PATH[i]} < length)) || ! rows::covers "$i" "$path"; then continue; fi
    if ((${#ROW_PATH[i]} > length)); then own='' other='' length=${#ROW_PATH[i]}; fi
    if [[ ${ROW_FORM[i]} == "$form" ]]; then own=$i; else other=$i; fi
  done
  if [[ -z $own$other ]]; then # the forms of a host have ports of their own
    for i in "${!ROW_HOST[@]}"; do
      rows::name "${ROW_HOST[i]}"
      if [[ $REPLY != "$name" || ${ROW_FORM[i]} == "$form" ]] || ((${#ROW_PATH[i]} <= length)) || ! rows::covers "$i" "$path"; then continue; fi
      other=$i length=${#ROW_PATH[i]}
    done
  fi
  [[ -z $own && -n $other ]] || return 1
  REPLY=${ROW_SCHEME[other]}://
  if [[ ${ROW_FORM[other]} == ssh ]]; then REPLY+=${ROW_USER[other]}@; fi
  REPLY+=${ROW_HOST[other]}/
}

credentials::_rule() { # usage: credentials::_rule BASE TARGET PATH; prints rules for that path, and for the whole host if it is empty
  local base=$1 target=$2 path=$3 end
  local -a ends=('')
  if [[ -n $path ]]; then ends=(/ .git); fi
  for end in "${ends[@]}"; do
    printf '[url "%s"]\n\tinsteadOf = "%s"\n' "$target$path$end" "$base$path$end"
  done
}

credentials::environment() { # usage: credentials::environment root|checkout|install; sets WORDS: the variables with which git uses them
  WORDS=("GIT_CONFIG_SYSTEM=$GIT_RULES" "GIT_SSH_COMMAND=$STEPS/git-ssh.sh" GIT_SSH_VARIANT=ssh GIT_TERMINAL_PROMPT=0)
  case $1 in
    root) WORDS+=(KOALA_ONLY_KEYS=1 "KOALA_NEW_HOSTS=$NEW_HOSTS") ;;
    checkout) WORDS+=(KOALA_ONLY_KEYS=1 "KOALA_NEW_HOSTS=$BUILD_NEW_HOSTS") ;;
    *) WORDS+=("KOALA_REFUSALS=$REFUSALS") ;;
  esac
}

credentials::open() { # usage: credentials::open INDEX…; gives the build user a copy of these rows
  local i
  [[ ! -e $GIVEN ]] || rm -rf "$GIVEN"
  mkdir "$GIVEN"
  cat "$CREDENTIALS/known_hosts" "$NEW_HOSTS" >"$GIVEN/known_hosts" 2>/dev/null || true
  for i in "$@"; do cat "$CREDENTIALS/${ROW_SECRET[i]}" >"$GIVEN/${ROW_SECRET[i]}"; done
  rows::print "$@" >"$GIVEN/rows"
}

credentials::close() { rm -rf "$GIVEN"; } # takes the copy away

credentials::keep_new_hosts() { # keeps the host keys that a checkout has met; no code of the project has run yet that could have written them
  [[ -e $BUILD_NEW_HOSTS ]] || return 0
  run_as_build cat "$BUILD_NEW_HOSTS" 2>/dev/null >>"$NEW_HOSTS" || true
}

credentials::blame() { # after a failed install: fails with words if git had no credentials for a host, or they were refused
  local line what host shape='^(no-key|refused-key|no-login|refused-login) ([]a-z0-9._:[-]{1,255})$'
  # The last one: package managers try other forms of an address first. Code of the project could write here, but not into our words.
  line=$(run_as_build tail -n 1 "$REFUSALS" 2>/dev/null || true)
  [[ $line =~ $shape ]] || return 0
  what=${BASH_REMATCH[1]} host=${BASH_REMATCH[2]}
  case $what in
    no-key) fail install_failed "a dependency from git needs ssh, and no ssh key was given for $host" \
      'Set project_ssh_key (for the host of the repository) or a row in KOALACI_CREDENTIALS, or use an https address.' job ;;
    refused-key) fail install_failed "a dependency from git was refused: $host does not accept the ssh key, or cannot be reached" \
      'Add its public key there, where it may read the dependency; the log says whether it can be reached.' job ;;
    no-login) fail install_failed "a dependency from git needs credentials, and none were given for $host" \
      'Put them into project_repo_url, if it is on that host, or set a row in KOALACI_CREDENTIALS.' job ;;
    *) fail install_failed "a dependency from git was refused: $host does not accept the credentials" \
      'Check that they may read the dependency, and that they have not expired.' job ;;
  esac
}

credentials::drop() { rm -rf "$CREDENTIALS" "$GIVEN" "$GIT_RULES"; } # once no command needs them any more

credentials::tell_new_hosts() { # sets the fact host_keys: the keys of hosts that were met for the first time
  local keys
  [[ -f $NEW_HOSTS ]] || return 0
  keys=$(sort -u "$NEW_HOSTS")
  [[ -z $keys ]] || fact host_keys "$keys"
}
