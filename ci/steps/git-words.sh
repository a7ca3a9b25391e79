#!/usr/bin/env bash
# Finds out from what git, ssh and git-lfs printed why something could not be fetched; a library of the step source.
#
# Only their own lines count: a server's banner or the name of a file may have any words.
# shellcheck disable=SC2034 # the callers use MESSAGE, REMEDY and FAULT
set -Eeuo pipefail

git-words::explain() { # usage: git-words::explain FILE WHAT ADDRESS; sets MESSAGE, REMEDY and FAULT (as for fail); fails if it does not know
  local said=$1 what=$2 address=$3 host who='this job' where='the credentials of that server' named='its address'
  git-words::_host "$address" && host=$REPLY
  if [[ $address != http*://* && $address == *@* ]]; then who='the ssh key'; fi
  if [[ $what == 'the repository' ]]; then where='the credentials in project_repo_url' named=project_repo_url; fi
  if git-words::_keys || git-words::_access || git-words::_content || git-words::_network; then return 0; fi
  return 1
}

git-words::lfs() { # usage: git-words::lfs REASON WHAT ADDRESS; as git-words::explain, for what git-lfs gave as the reason why an object is missing
  local said host reason=$1 what=$2 address=$3 ours=$3
  # What the server's git-lfs-authenticate or ssh has said stands between these.
  reason=$(sed -E 's/^batch request: //; s/: exit status [0-9]+$//' <<<"$reason")
  # The server of the objects may be another one than git's.
  if [[ $reason =~ (https?://[^[:space:]\"]+) ]]; then address=${BASH_REMATCH[1]}; fi
  said=$(mktemp)
  printf '%s\n' "$reason" >"$said"
  if git-words::_said '\[[0-9a-f]+\] Object does not exist'; then
    git-words::_tell "$what is not on the server" 'Push it: git lfs push --all origin' project
  elif git-words::_said '.*(unrecognized|unknown|invalid|disallowed|forbidden) .*command.*git-lfs-authenticate' '.*git-lfs-authenticate: (command )?not found'; then
    git-words::_tell "$what cannot be had: the server does not give LFS objects to those who come over ssh" \
      "Turn LFS on there, or name the address of the LFS server in .lfsconfig (lfs.url)." project
  elif [[ $ours != http*://* ]] && git-words::_said 'batch response: Git credentials for .* not found'; then
    # An ssh key cannot be used there, and the address of the repository has no place for a password.
    git-words::_host "$address" && host=$REPLY
    git-words::_tell "$what needs a token or a password for the LFS server at $host, and only an ssh key was given" \
      "Set a row for $host in KOALACI_CREDENTIALS; or take lfs.url out of .lfsconfig if that names it: then the ssh key is used."
  elif ! git-words::explain "$said" "$what" "$address"; then
    git-words::_tell "$what cannot be had: ${reason%%$'\n'*}" 'Check that its server has it, and that the credentials may read it.' project
  fi
  rm -f "$said"
}

git-words::shown() { # usage: git-words::shown ADDRESS; sets REPLY to it without a password and a query
  REPLY=${1%%[?#]*}
  if [[ $REPLY =~ ^([a-z+]+://)[^/]*@(.*)$ && $REPLY != ssh://* ]]; then REPLY=${BASH_REMATCH[1]}${BASH_REMATCH[2]}; fi
  if [[ $REPLY =~ ^(ssh://[^:/@]*):[^/@]*(@.*)$ ]]; then REPLY=${BASH_REMATCH[1]}${BASH_REMATCH[2]}; fi
}

git-words::_with_token() { # prints how an address with a token begins, as the servers of $host want it; of others, with a password
  case $host in
    github.com*) echo 'https://x-access-token:TOKEN@github.com/…' ;;
    gitlab.com* | gitlab.*) echo "https://oauth2:TOKEN@$host/…" ;;
    bitbucket.org*) echo 'https://x-token-auth:TOKEN@bitbucket.org/…' ;;
    *) echo "https://user:password@$host/…" ;;
  esac
}

git-words::_host() { # usage: git-words::_host ADDRESS; sets REPLY to the host in it, with its port
  REPLY=${1#*://}
  if [[ $1 == *://* ]]; then REPLY=${REPLY%%/*}; else REPLY=${REPLY%%:*}; fi
  REPLY=${REPLY##*@}
}

git-words::_said() { # usage: git-words::_said PATTERN…; whether one of the lines begins as one of the patterns
  local pattern
  for pattern in "$@"; do
    if grep -qiE "^($pattern)" -- "$said"; then return 0; fi
  done
  return 1
}

git-words::_tell() { MESSAGE=$1 REMEDY=$2 FAULT=${3:-job}; } # usage: git-words::_tell MESSAGE REMEDY [FAULT]

git-words::_keys() {
  local met
  met=$(sed -n 's/^koalaci: no ssh key was given for //p' "$said" | head -n 1)
  if [[ -n $met ]]; then
    git-words::_tell "$what needs ssh, and no ssh key was given for $met" \
      'Set project_ssh_key (for the host of the repository) or a row in KOALACI_CREDENTIALS, or use an https address.'
  elif git-words::_said '@ +WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED' 'Host key verification failed'; then
    met=$(sed -nE 's/^Host key for (\S+) has changed.*/\1/p; s/^No \S+ host key is known for (\S+) and.*/\1/p' "$said" | head -n 1)
    met=${met:-$host}
    git-words::_tell "$what cannot be fetched: the ssh host key of $met is not the one that is known" \
      "If it was changed on purpose, type: ssh-keygen -R '$met' -f \$KOALACI_HOME/known_hosts (and correct known_hosts in KOALACI_CREDENTIALS). Else somebody may be in between."
  elif git-words::_said '\S+@\S+: Permission denied \(' 'Permission denied \(' 'Load key .*(error|invalid)'; then
    git-words::_tell "$what refuses access: $host does not accept the ssh key" \
      'Add its public key there, as a deploy key of the repository or to an account that may read it.'
  else return 1; fi
}

git-words::_access() {
  if git-words::_said 'fatal: could not read (Username|Password) for' 'batch response: Git credentials for .* not found'; then
    git-words::_tell "$what refuses access: it needs credentials, and none were given for $host" \
      "Put them into project_repo_url ($(git-words::_with_token)), which are for its host, or set a row in KOALACI_CREDENTIALS."
  elif git-words::_said '(remote|ERROR): .*SAML SSO'; then
    git-words::_tell "$what refuses access: its organization wants single sign-on" \
      "Authorize the token or the ssh key for the organization at $host (its settings: configure SSO)."
  elif git-words::_said 'fatal: Authentication failed' '(remote: )?Unauthorized$' 'remote: (Invalid credentials|Invalid username or token)' 'batch response: Authentication required' \
    'remote: (HTTP Basic: )?Access denied' 'fatal: unable to access .*: The requested URL returned error: 401'; then
    git-words::_tell "$what refuses access: $host does not accept the credentials" \
      "Check $where: they may have expired, or may not be allowed to read this."
  elif git-words::_said 'fatal: unable to access .*: The requested URL returned error: 403' '(remote: )?(repository access denied|You may not have access)' \
    'fatal: remote error: access denied$' 'batch response: (Authorization error|.*(403|Forbidden))'; then
    git-words::_tell "$what refuses access: $host forbids it (403)" \
      "Check that $where allow reading it."
  else return 1; fi
}

git-words::_content() {
  if git-words::_said 'fatal: repository .* not found' '(fatal: )?remote error: .*not found' '(ERROR|remote): .*not (be )?found' \
    'fatal: .*does not appear to be a git repository' 'fatal: .*not a git repository' 'fatal: remote error: access denied or repository not exported' \
    'fatal: unable to access .*: The requested URL returned error: 404' 'fatal: repository .* does not exist' \
    '(conq|gitea|forgejo|gogs): .*(not exist|not found|unauthorized)' 'remote: (repository does not exist|TF401019)' \
    'batch response: Repository or object not found'; then
    if [[ $what == 'the repository' ]]; then
      # Most servers say so of a private one, too.
      git-words::_tell "there is no repository at that address, or $who may not read it" \
        'Check project_repo_url; a private repository needs credentials that may read it.'
    else
      git-words::_tell "$what was not found: there is no repository at that address" \
        'Check the address; a private repository needs credentials that may read it.' project
    fi
  elif git-words::_said "fatal: transport '?file'? not allowed"; then
    git-words::_tell "$what is on a path of the server that builds, which only project_repo_url may name" \
      'Give it an address that the build machine can reach.'
  elif git-words::_said 'fatal: transport '; then
    git-words::_tell "$what has an address that builds do not use" 'Use https, http, ssh or git.' project
  elif git-words::_said 'fatal: (Fetched in submodule path|remote error: upload-pack: not our ref|Unable to find current revision)' \
    'error: Server does not allow request for unadvertised object' 'fatal: reference is not a tree'; then
    git-words::_tell "$what does not have the commit that is asked for" 'Push that commit to it.' project
  else return 1; fi
}

git-words::_network() {
  local met
  if git-words::_said 'ssh: Could not resolve hostname' '(fatal|error): .*Could not resolve host' 'fatal: unable to look up' 'batch response: .*no such host'; then
    git-words::_tell "$what cannot be reached: its host name is not known" \
      "Check $named, and that the build machine can resolve the name."
  elif git-words::_said '(fatal|error): .*certificate' 'batch response: .*(certificate|x509)'; then
    git-words::_tell "the certificate of $what is not trusted" \
      'Set KOALACI_EXTRA_CA_CERTS to the CA bundle of your proxy or server.' operator
  elif git-words::_said 'ssh: connect to host' '(fatal|error): .*(unable to connect|failed to connect|couldn.t connect|connection (refused|timed out|reset)|timed? ?out|network is unreachable|no route to host)' \
    'fatal: unable to connect' '(ssh: |kex_exchange_identification: |Connection (closed|reset|timed out))' 'batch response: .*(dial|timeout|connection)'; then
    git-words::_tell "$what cannot be reached" "Check $named, and the network of the build machine." service
  elif git-words::_said '(fatal|error): .*(SSL|TLS)' 'batch response: .*tls'; then
    git-words::_tell "$what cannot be reached: there is no secure connection to $host" \
      "Check the scheme and the port in $named."
  elif git-words::_said 'fatal: unable to access .*: The requested URL returned error: [0-9]+'; then
    met=$(sed -nE 's/^fatal: unable to access .*: The requested URL returned error: ([0-9]+).*/\1/p' "$said" | head -n 1)
    git-words::_tell "$what cannot be reached: $host answers with an error ($met)" 'Try again when that server works.' service
  else return 1; fi
}
