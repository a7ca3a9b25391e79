#!/usr/bin/env python3
"""Reports which places a build looks into that it is not known to depend on. reuse-watch.sh starts it.

usage: reuse-watch.py WORKSPACE MARKS <PLACES; each place ends with a NUL, its directory is relative to the workspace:
  tree DIRECTORY       all that is in it but node_modules
  package DIRECTORY    the same, and each file for itself
  directory DIRECTORY  what is in it and not below
  parent DIRECTORY     the list of what is in it
  own DIRECTORY        what the build is known to depend on: only when it begins to read that is of interest
  top DIRECTORY        the same, without what is below

Prints "ready" when it sees everything, and the result when somebody opens MARKS/stop: what was opened since MARKS/begin was, each line
ended by a NUL. That is a place as it was given; of a package `file PATH` or `listing PATH`, or all of it if that is too much;
`manifest DIRECTORY` for its package.json, if nothing but manifests and settings of package managers had been read until then: the
package manager reads them before it runs a script. `all`, if some events were lost; and `done`.

What is looked for and is not there, or is not opened, is not seen.
"""
import ctypes
import os
import struct
import sys

# From <sys/inotify.h>.
OPEN, OVERFLOW, IGNORED, ISDIR, ONLYDIR = 0x20, 0x4000, 0x8000, 0x40000000, 0x01000000
EVENT = struct.Struct('iIII')  # watch, mask, cookie, length of the name
# Of one package; with more, all of it counts.
MOST_LINES = 200
# What a package manager reads before it runs a script.
MANAGERS = {'package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'pnpm-workspace.yaml',
            '.npmrc', '.yarnrc', '.yarnrc.yml', '.pnp.cjs', '.pnpmfile.cjs', 'node_modules'}

libc = ctypes.CDLL(None, use_errno=True)


def directories_of(kind, root):
    """The directories to watch for a place."""
    if kind in ('directory', 'parent', 'top'):
        return [root] if os.path.isdir(root) else []
    found = []
    for path, names, _ in os.walk(root):
        names[:] = [name for name in names if name != 'node_modules']
        found.append(path)
    return found


class Watch:
    def __init__(self, workspace, marks, places):
        self.workspace, self.lines, self.has_begun, self.is_running = workspace, {}, False, False
        self.inotify = libc.inotify_init1(os.O_CLOEXEC)
        if self.inotify < 0:
            raise OSError(ctypes.get_errno(), 'inotify_init1')
        wanted = [('marks', '', marks)]
        for place in places:
            kind, root = place.split(' ', 1)
            wanted += [(kind, root, path) for path in directories_of(kind, os.path.join(workspace, root))]
        self.watched = {}
        # Only now: walking opens the directories. What is wanted twice has one watch.
        for kind, root, path in wanted:
            watch = libc.inotify_add_watch(self.inotify, os.fsencode(path), OPEN | ONLYDIR)
            if watch < 0:
                raise OSError(ctypes.get_errno(), path)
            self.watched.setdefault(watch, []).append((kind, root, path))

    def events(self):
        """Yields (watch, mask, name); a watch without a name is the directory itself."""
        while True:
            data, at = os.read(self.inotify, 1 << 16), 0
            while at < len(data):
                watch, mask, _, length = EVENT.unpack_from(data, at)
                at += EVENT.size + length
                yield watch, mask, os.fsdecode(data[at - length:at].rstrip(b'\0'))

    def run(self):
        """Returns the lines of the result when the stop mark is opened."""
        for watch, mask, name in self.events():
            if mask & OVERFLOW:
                self.lines['all'] = True
            if mask & IGNORED:
                continue
            for kind, root, path in self.watched.get(watch, []):
                if kind == 'marks':
                    if name == 'stop':
                        return self.result()
                    self.has_begun = self.has_begun or name == 'begin'
                elif self.has_begun:
                    self.see(kind, root, path, name, mask & ISDIR)

    def see(self, kind, root, path, name, is_directory):
        if kind in ('own', 'top'):
            self.is_running = self.is_running or not (is_directory or name in MANAGERS)
        elif name == 'node_modules' or (kind == 'parent' and name):
            pass
        elif kind != 'package':
            self.lines[f'{kind} {root}'] = True
        elif name == 'package.json' and path == os.path.join(self.workspace, root) and not self.is_running:
            self.lines[f'manifest {root}'] = True
        elif name == '':
            self.lines[f'listing {os.path.relpath(path, self.workspace)}'] = True
        elif not is_directory:  # that has a watch of its own
            self.lines[f'file {os.path.relpath(os.path.join(path, name), self.workspace)}'] = True

    def result(self):
        """The lines, with all of a package in place of many."""
        lines = dict(self.lines)
        for root in {root for places in self.watched.values() for kind, root, _ in places if kind == 'package'}:
            mine = [line for line in lines if line.split(' ', 1)[-1].startswith(f'{root}/')]
            if len(mine) > MOST_LINES or any('\n' in line for line in mine):
                lines = {line: True for line in lines if line not in mine} | {f'package {root}': True}
        return lines


def main():
    places = [os.fsdecode(place) for place in sys.stdin.buffer.read().split(b'\0') if place]
    watch = Watch(sys.argv[1], sys.argv[2], places)
    print('ready', flush=True)
    sys.stdout.buffer.write(b''.join(os.fsencode(line) + b'\0' for line in [*watch.run(), 'done']))


main()
