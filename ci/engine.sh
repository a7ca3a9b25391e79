#!/usr/bin/env bash
# Asks for and starts a Docker engine on a machine without systemd; a library of setup.sh.
set -Eeuo pipefail

readonly ENGINE_LOG=/var/log/koalaci-dockerd.log

engine::ask() { timeout 20 docker version --format '{{.Server.Version}}' 2>&1; }

engine::launch() { # starts one unless it is there already, also one that is just coming up or going down
  if engine::lives dockerd; then return; fi
  # An engine that was killed leaves its pid, and any process that has the number would keep a new one from starting.
  rm -f /var/run/docker.pid
  engine::lives containerd || rm -f /var/run/docker/containerd/containerd.pid
  # shellcheck disable=SC2016 # for the inner bash
  # A session of its own and no descriptor of ours: it outlives this script and keeps no pipe of the caller's open.
  setsid --fork bash -c 'for fd in /proc/self/fd/*; do fd=${fd##*/}; if ((fd > 2)); then exec {fd}>&-; fi; done
    exec dockerd' </dev/null >>"$ENGINE_LOG" 2>&1
  sleep 0.5 # until it bears its name
}

engine::lives() { # usage: engine::lives NAME; a process of that name that is more than a zombie
  local file line
  for file in /proc/[0-9]*/stat; do
    { read -r line <"$file"; } 2>/dev/null || continue
    if [[ $line == *"($1) "[!ZX]* ]]; then return 0; fi
  done
  return 1
}
