#!/usr/bin/env bash
# Asks whether a Docker engine answers, and starts one on a machine without systemd; a library of setup.sh.
set -Eeuo pipefail

readonly ENGINE_LOG=/var/log/koalaci-dockerd.log

engine::ask() { timeout 20 docker version --format '{{.Server.Version}}' 2>&1; }

engine::launch() { # starts dockerd unless its process exists; it may be starting up or shutting down
  if engine::lives dockerd; then return; fi
  # A killed engine leaves its pid file behind. If another process has that pid by now, the new engine would not start.
  rm -f /var/run/docker.pid
  engine::lives containerd || rm -f /var/run/docker/containerd/containerd.pid
  # shellcheck disable=SC2016 # the inner bash expands it
  # dockerd gets its own session and none of our descriptors, so it outlives this script and holds none of the caller's
  # pipes open.
  setsid --fork bash -c 'for fd in /proc/self/fd/*; do fd=${fd##*/}; if ((fd > 2)); then exec {fd}>&-; fi; done
    exec dockerd' </dev/null >>"$ENGINE_LOG" 2>&1
  sleep 0.5 # until bash has become dockerd, so that the next call finds it
}

engine::lives() { # usage: engine::lives NAME; whether a process of that name runs, zombies not counted
  local file line
  for file in /proc/[0-9]*/stat; do
    { read -r line <"$file"; } 2>/dev/null || continue
    if [[ $line == *"($1) "[!ZX]* ]]; then return 0; fi
  done
  return 1
}
