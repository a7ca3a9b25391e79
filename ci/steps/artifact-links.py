#!/usr/bin/env python3
# usage: artifact-links.py DIRECTORY WORK; finds the links of a dist directory that would not work in another place as they are
# written, and makes them anew below WORK/links, for the artifact. The dist directory stays as it is.
#
# stdin: the links' paths, relative to DIRECTORY, each ended by a NUL. WORK/members has the new links for tar --files-from,
# WORK/without the old ones for tar --exclude-from. Which links lead out, the runner decides by their text.
import os
import sys


def is_inside(path, directory):
    return path == directory or path.startswith(directory + b"/")


def works_as_written(link, text, dist):
    """Whether it works in the artifact: relative, and no step of the way leaves the dist directory, through other links neither."""
    if text.startswith(b"/"):
        return False
    at = os.path.dirname(link)
    for part in text.split(b"/"):
        at = os.path.realpath(os.path.join(at, part))
        if not is_inside(at, dist):
            return False
    # The runner looks at the text only.
    return is_inside(os.path.normpath(os.path.join(os.path.dirname(link), text)), dist)


def above(path, top):
    """The directories that a path is in, from the nearest to `top`."""
    while path != top and path != b"/":
        path = os.path.dirname(path)
        yield path


def copied_from(link, text, dist):
    """
    Where a link should lead that fs.cp of Node.js has copied: it makes relative links absolute, so that the copy leads back to
    what was copied. None if it is no such copy.
    """
    for source in above(text, b"/"):
        for copy in above(link, dist):
            original = os.path.join(source, os.path.relpath(link, copy))
            if original == link or not os.path.islink(original):
                continue
            written = os.readlink(original)
            leads_to = os.path.normpath(os.path.join(os.path.dirname(original), written))
            here = os.path.join(copy, os.path.relpath(text, source))
            if not written.startswith(b"/") and leads_to == text and is_inside(os.path.realpath(here), dist):
                if os.path.lexists(here):
                    return here
    return None


def new_text(link, dist):
    """What the link says in the artifact; None if it works as it is written, or leads out."""
    text = os.readlink(link)
    if works_as_written(link, text, dist):
        return None
    target = os.path.realpath(link)
    if not is_inside(target, dist):
        copied = copied_from(link, os.path.normpath(text), dist) if text.startswith(b"/") else None
        # Absolute, the runner sees that it leads out.
        return target if copied is None else os.path.relpath(copied, os.path.dirname(link))
    return os.path.relpath(target, os.path.dirname(link))


def main():
    dist, work = map(os.fsencode, sys.argv[1:3])
    with open(os.path.join(work, b"members"), "wb") as members, open(os.path.join(work, b"without"), "wb") as without:
        for path in sys.stdin.buffer.read().split(b"\0"):
            # tar reads the list of what it leaves out line by line, and without spaces at their ends.
            if not path or b"\n" in path or path != path.rstrip():
                continue
            text = new_text(os.path.join(dist, path), dist)
            if text is None:
                continue
            new = os.path.join(b"links", path)
            os.makedirs(os.path.join(work, os.path.dirname(new)), exist_ok=True)
            os.symlink(text, os.path.join(work, new))
            members.write(new + b"\0")
            without.write(b"./" + path + b"\n")


main()
