#!/usr/bin/env bash
# Looks at what the build has left on disk, when nothing of it runs any more: before artifact and snapshot, which has holes in files
# written out in full; a library. It looks while the archive is made, which has a limit of its own.
#
# The runner looks too, while the build runs (src/runner/container-disk.ts), but a brief build ends before that.
set -Eeuo pipefail

readonly DISK_USE=$RUN/disk-use
declare DISK_LOOK=''

disk::begin() { # starts to look, while the next step goes on
  [[ -n ${JOB[disk_limit]:-} ]] || return 0
  disk::_look >"$DISK_USE" 2>/dev/null {CONTROL}>&- {RUNNER}<&- &
  DISK_LOOK=$!
}

disk::check() { # sets what there is too much of as the reason why the build failed
  local -i real all files most bytes_limit=${JOB[disk_limit]:-0} inode_limit=${JOB[inode_limit]:-0}
  [[ -n $DISK_LOOK ]] || return 0
  entrypoint::await "$DISK_LOOK" || lib::blame disk_limit 'out of disk: what the build has written cannot be read' \
    'Check which modes it gives its directories.'
  read -r real all files <"$DISK_USE" || return 0
  ((most = real > all ? real : all, 1))
  if ((most > bytes_limit)); then
    lib::blame disk_limit "out of disk: $(show_bytes "$most") of $(show_bytes "$bytes_limit") written" \
      'Holes in files count. Write less, or raise KOALACI_DISK_LIMIT.'
  elif ((files > inode_limit)); then
    lib::blame disk_limit "out of disk: $files of $inode_limit files and directories" \
      'Make fewer files, or raise KOALACI_INODE_LIMIT.'
  fi
}

disk::_look() { # prints what disk-use.sh does; a directory that hides its content no longer does
  run_as_build /koala/steps/disk-use.sh "$WORKSPACE" /home/build && return 0
  : >"$DISK_USE"
  run_as_build find "$WORKSPACE" /home/build -xdev -type d -not -perm -u=rwx -exec chmod u+rwx {} \;
  run_as_build /koala/steps/disk-use.sh "$WORKSPACE" /home/build
}
