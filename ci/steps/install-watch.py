#!/usr/bin/env python3
"""Reports which files of the project an install reads, outside node_modules and new directories. install-watch.sh starts it.

usage: install-watch.py WORKSPACE MARKS

Prints "ready" when it sees everything, and the result when somebody opens MARKS/stop. The kernel reports what is opened, and
not what is looked for and is not there, or linked. inotifywait is no help: it keeps silent about an overflow of its queue.

The result has a line for each path: f (file) or d (directory that was listed), as F or D while an install script ran; and the
words scripts (a script ran), own (a script of the project ran) and tree (some events were lost: it may have read any file).
"""
import ctypes
import os
import struct
import sys

# From <sys/inotify.h>.
OPEN, OVERFLOW, IGNORED, ISDIR, ONLYDIR = 0x20, 0x4000, 0x8000, 0x40000000, 0x01000000
EVENT = struct.Struct('iIII')  # watch, mask, cookie, length of the name

libc = ctypes.CDLL(None, use_errno=True)


def watch_all(inotify, workspace, marks):
    """Watches every directory. Returns what each watch belongs to; raises OSError when the kernel has none left."""
    paths = [marks]
    for path, names, _ in os.walk(workspace):
        names[:] = [name for name in names if name != 'node_modules']
        paths.append(path)
    directories = {}
    # Only now: walking opens the directories.
    for path in paths:
        watch = libc.inotify_add_watch(inotify, os.fsencode(path), OPEN | ONLYDIR)
        if watch < 0:
            raise OSError(ctypes.get_errno(), path)
        directories[watch] = path
    return directories


def events(inotify):
    """Yields (watch, mask, name); a watch without a name is the directory itself."""
    while True:
        data, at = os.read(inotify, 1 << 16), 0
        while at < len(data):
            watch, mask, _, length = EVENT.unpack_from(data, at)
            at += EVENT.size + length
            yield watch, mask, os.fsdecode(data[at - length:at].rstrip(b'\0'))


def read_by_install(inotify, directories, workspace, marks):
    """Returns the lines of the result, each once, when the stop mark is opened."""
    lines, running = {}, 0
    for watch, mask, name in events(inotify):
        if mask & OVERFLOW:
            lines['tree'] = True
        directory = directories.get(watch)
        if directory is None or mask & IGNORED:
            continue
        if directory == marks:
            if name == 'stop':
                return lines
            if name == 'own':
                lines['own'] = True
            elif name == 'begin':
                lines['scripts'] = True
                running += 1
            elif name == 'end':
                running -= 1
            continue
        if name == 'node_modules':
            continue
        path = os.path.relpath(os.path.join(directory, name), workspace)
        kind = 'd' if mask & ISDIR else 'f'
        lines[f'{kind.upper() if running else kind} {path}'] = True
    return lines


def main():
    workspace, marks = sys.argv[1:]
    inotify = libc.inotify_init1(os.O_CLOEXEC)
    if inotify < 0:
        raise OSError(ctypes.get_errno(), 'inotify_init1')
    directories = watch_all(inotify, workspace, marks)
    print('ready', flush=True)
    lines = read_by_install(inotify, directories, workspace, marks)
    sys.stdout.buffer.write(b''.join(os.fsencode(line) + b'\0' for line in [*lines, 'done']))


main()
