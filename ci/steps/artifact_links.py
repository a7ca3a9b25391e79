#!/usr/bin/env python3
# usage: artifact_links.py DIRECTORY WORK; finds the links of a dist directory that would not work in another place as they are
# written, and makes them anew below WORK/links, for the artifact. The dist directory stays as it is.
#
# stdin: the links' paths, relative to DIRECTORY, each ended by a NUL. WORK/members has the new links for tar --files-from,
# WORK/without the old ones for tar --exclude-from. Which links lead out, the runner decides by their text. artifact-list.py asks
# the same of single links.
import errno
import itertools
import os
import sys


def is_inside(path, directory):
    return path == directory or path.startswith(directory + b"/")


def works_as_written(link, text, dist):
    """
    Whether it works in the artifact: relative, and no step of the way leaves the dist directory, through other links neither.
    The runner lets in no link that goes up anywhere but at its start (entries.ts).
    """
    if text.startswith(b"/") or goes_up_again(text):
        return False
    at = os.path.dirname(link)
    for part in text.split(b"/"):
        at = os.path.realpath(os.path.join(at, part))
        if not is_inside(at, dist):
            return False
    # The runner looks at the text only.
    return is_inside(os.path.normpath(os.path.join(os.path.dirname(link), text)), dist)


def goes_up_again(text):
    parts = [part for part in text.split(b"/") if part not in (b"", b".")]
    return b".." in itertools.dropwhile(lambda part: part == b"..", parts)


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
        # normpath leaves two slashes at the start, above which there is no end.
        copied = copied_from(link, os.path.normpath(b"/" + text.lstrip(b"/")), dist) if text.startswith(b"/") else None
        # Absolute, the runner sees that it leads out.
        return target if copied is None else os.path.relpath(copied, os.path.dirname(link))
    return os.path.relpath(target, os.path.dirname(link))


def may_be_made_anew(path):
    """tar reads the list of what it leaves out line by line, and without spaces at their ends."""
    return path != b"" and b"\n" not in path and path == path.rstrip()


def made_anew(link, dist, new):
    """Makes the link that the artifact has in its place, unless it works as it is written."""
    text = new_text(link, dist)
    if text is None:
        return False
    os.makedirs(os.path.dirname(new), exist_ok=True)
    os.symlink(text, new)
    return True


def main():
    dist, work = map(os.fsencode, sys.argv[1:3])
    with open(os.path.join(work, b"members"), "wb") as members, open(os.path.join(work, b"without"), "wb") as without:
        # In an order that does not depend on the disk.
        for path in sorted(sys.stdin.buffer.read().split(b"\0")):
            if not may_be_made_anew(path):
                continue
            new = os.path.join(b"links", path)
            try:
                if not made_anew(os.path.join(dist, path), dist, os.path.join(work, new)):
                    continue
            except OSError as error:
                # The runner refuses paths of which this is one.
                if error.errno == errno.ENAMETOOLONG:
                    continue
                raise
            members.write(new + b"\0")
            without.write(b"./" + path + b"\n")


if __name__ == "__main__":
    main()
