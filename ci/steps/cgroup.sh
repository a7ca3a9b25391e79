#!/usr/bin/env bash
# Reads what the kernel counts for this container: processes killed for memory, and processes refused; a library.
#
# It uses only builtins, because it must also work when no process can be started. It tries cgroup v2, then v1.
set -Eeuo pipefail

readonly TMP_ELSEWHERE='For temporary files on disk, set TMPDIR=/home/build/tmp in env; or raise KOALACI_MEMORY.'

cgroup::_read() { # usage: cgroup::_read KEY FILE…; sets REPLY to the number after KEY (or the first word, if KEY is empty) in the first file that has it, or else to 0
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

cgroup::oom_kills() { # sets REPLY to how many processes the kernel has killed for memory so far
  cgroup::_read oom_kill /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control
}

cgroup::_pids_refused() { # sets REPLY to how often the kernel has refused a process because of the limit so far
  cgroup::_read max /sys/fs/cgroup/pids.events /sys/fs/cgroup/pids/pids.events
}

cgroup::watch_pids() { # usage: cgroup::watch_pids PID; sends it USR1 when the build hits the limit of processes
  local pid=$1 before never
  # Nothing ever comes from this descriptor, so read with a time limit works as a sleep that starts no process.
  exec {never}<> <(:)
  cgroup::_pids_refused && before=$REPLY
  while kill -0 "$pid" 2>/dev/null; do
    read -rt 1 -u "$never" _ || true
    cgroup::_pids_refused
    if ((REPLY > before)); then kill -USR1 "$pid" && return 0; fi
  done
}

cgroup::blame_pids() { # sets the limit of processes as the reason why the step failed
  local most
  cgroup::_read '' /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max && most=$REPLY
  lib::blame pids_limit "the build started all of its $most processes and threads, and needed more" \
    'Start fewer at a time, or raise KOALACI_PIDS.'
}

cgroup::blame_memory() { # sets the memory limit as the reason why the step failed
  local most peak remedy='Let the build use less, or raise KOALACI_MEMORY.'
  cgroup::_read '' /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes && most=$REPLY
  cgroup::_read '' /sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes && peak=$REPLY
  ((peak > 0)) || peak=$most
  if cgroup::_files_in_memory "$most"; then remedy=$REPLY; fi
  lib::blame out_of_memory "the build used $(show_bytes "$peak") of its $(show_bytes "$most") of memory" "$remedy"
}

cgroup::_files_in_memory() { # usage: … LIMIT; sets REPLY to what to do about files in memory; fails if they are a small part of it
  local -i most=$1 held
  local where='/tmp is'
  local -a shared
  # The build's processes are gone, so what is left are files.
  cgroup::_read shmem /sys/fs/cgroup/memory.stat /sys/fs/cgroup/memory/memory.stat && held=$REPLY
  ((held > most / 8)) || return 1
  shared=(/dev/shm/*)
  if [[ -e ${shared[0]} ]]; then where='/tmp and /dev/shm are'; fi
  REPLY="$where memory here, with $(show_bytes "$held") of files now. $TMP_ELSEWHERE"
}

cgroup::tmp_is_full() {
  local -i free
  free=$(stat --file-system --format=%a /tmp) && ((free < 256))
}

cgroup::blame_tmp() { # sets a full /tmp as the reason why the step failed
  local -i blocks size
  read -r blocks size < <(stat --file-system --format='%b %S' /tmp)
  lib::blame out_of_memory "/tmp is full: it is memory here, and has $(show_bytes $((blocks * size))) in it" "$TMP_ELSEWHERE"
}
