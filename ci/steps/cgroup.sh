#!/usr/bin/env bash
# What the kernel counts for this container: processes refused and killed for memory; a library.
#
# Only builtins: where no process can be started any more, this must still work. cgroup v2 first, then v1.
set -Eeuo pipefail

cgroup::_read() { # usage: cgroup::_read KEY FILE…; sets REPLY to the number behind KEY (or alone) in the first file that is there
  local key=$1 file name value
  REPLY=0
  for file in "${@:2}"; do
    [[ -r $file ]] || continue
    while read -r name value; do
      if [[ -z $key ]]; then REPLY=$name && return 0; fi
      if [[ $name == "$key" ]]; then REPLY=$value && return 0; fi
    done <"$file"
  done
  return 0
}

cgroup::oom_kills() { # sets REPLY: how many processes were killed for memory so far
  cgroup::_read oom_kill /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control
}

cgroup::_pids_refused() { # sets REPLY: how often a process was refused for the limit so far
  cgroup::_read max /sys/fs/cgroup/pids.events /sys/fs/cgroup/pids/pids.events
}

cgroup::watch_pids() { # usage: cgroup::watch_pids PID; sends USR1 to it when the limit of processes is hit
  local pid=$1 before never
  # A descriptor from which nothing ever comes: read's time limit is a sleep that starts no process.
  exec {never}<> <(:)
  cgroup::_pids_refused && before=$REPLY
  while kill -0 "$pid" 2>/dev/null; do
    read -rt 1 -u "$never" _ || true
    cgroup::_pids_refused
    if ((REPLY > before)); then kill -USR1 "$pid" && return 0; fi
  done
}

cgroup::blame_pids() { # the step ends for the limit of processes
  local most
  cgroup::_read '' /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max && most=$REPLY
  lib::blame pids_limit "too many processes: $most of $most processes and threads" \
    'Start fewer at a time, or raise KOALACI_PIDS.'
}

cgroup::blame_memory() { # the step ends for the limit of memory
  local most peak
  cgroup::_read '' /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes && most=$REPLY
  cgroup::_read '' /sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes && peak=$REPLY
  ((peak > 0)) || peak=$most
  lib::blame out_of_memory "out of memory: $(show_bytes "$peak") of $(show_bytes "$most")" \
    'Let the build use less, or raise KOALACI_MEMORY.'
}
