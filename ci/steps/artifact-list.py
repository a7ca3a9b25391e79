#!/usr/bin/env python3
# usage: artifact-list.py DIRECTORY CPUS MOST_ENTRIES MOST_BYTES WITHOUT…; lists what is in the dist directory, with the sha256 of each
# file, and then sends the contents that the runner wants. What it lists is what artifact::write would put into a tar, in its order.
#
# descriptor 3: each entry as TYPE MODE SIZE SHA256, its path and a link's target, each of the three ended by a NUL; a NUL at the end
# stdout: a line when all is listed. stdin: a line that has for each entry 1 if its content is wanted, else 0
# descriptor 3, then: the contents, one after the other
# TYPE is that of a tar, or x for what has a longer path than can be opened; MODE is octal. Of more entries or bytes than may be shipped
# only the first are listed, without their hashes: the runner refuses them.
import errno
import hashlib
import os
import stat
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import artifact_links  # noqa: E402

OUT = 3
PIECE = 1 << 20
LIST_PIECE = 1 << 16
# Files that a process hashes before the next one's turn comes.
AT_ONCE = 32
# So much is hashed before another process is worth it.
WORTH_BYTES = 4 << 20
NOTHING = hashlib.sha256().hexdigest()
UNKNOWN = "-"


class Entry:
    __slots__ = ("type", "mode", "size", "path", "target")

    def __init__(self, type, mode, size, path, target=b""):
        self.type, self.mode, self.size, self.path, self.target = type, mode, size, path, target

    def record(self, sha256):
        head = f"{self.type} {self.mode:o} {self.size} {sha256}"
        return b"%b\0%b\0%b\0" % (head.encode(), self.path, self.target)


class Dist:
    """The entries of a directory, in the order of tar --sort=name, with links that are made anew at their end."""

    def __init__(self, without):
        # Git's own directory is not shipped either.
        self.without = {b".git", *without}
        self.linked = {}
        self.anew = []

    def entries(self):
        above = [iter([b""])]
        while above:
            path = next(above[-1], None)
            if path is None:
                above.pop()
                continue
            try:
                found = os.lstat(path or b".")
                names = self.names_in(path, found) if stat.S_ISDIR(found.st_mode) else None
            except OSError as error:
                if error.errno != errno.ENAMETOOLONG:
                    raise
                yield Entry("x", 0, 0, path)
                continue
            entry = self.entry(path, found)
            if entry:
                yield entry
            if names is not None:
                above.append(iter(names))
        yield from sorted(self.anew, key=lambda entry: entry.path)

    def names_in(self, path, found):
        if found.st_mode & 0o700 != 0o700:
            os.chmod(path or b".", stat.S_IMODE(found.st_mode) | 0o700)
        prefix = path + b"/" if path else b""
        paths = (prefix + name for name in sorted(os.listdir(path or b".")))
        return [path for path in paths if path not in self.without]

    def entry(self, path, found):
        mode = stat.S_IMODE(found.st_mode)
        if stat.S_ISDIR(found.st_mode):
            return Entry("5", mode | 0o700, 0, path)
        new = link_anew(path) if stat.S_ISLNK(found.st_mode) and artifact_links.may_be_made_anew(path) else None
        if new is not None:
            self.anew.append(Entry("2", 0o777, 0, path, new))
            return None
        if found.st_nlink > 1:
            first = self.linked.setdefault((found.st_dev, found.st_ino), path)
            if first != path:
                return Entry("1", mode, 0, path, first)
        if stat.S_ISLNK(found.st_mode):
            return Entry("2", mode, 0, path, os.readlink(path))
        if not stat.S_ISREG(found.st_mode):
            # A tar has no sockets.
            return None if stat.S_ISSOCK(found.st_mode) else Entry("6", mode, 0, path)
        if mode & 0o600 != 0o600:
            mode |= 0o600
            os.chmod(path, mode)
        return Entry("0", mode, found.st_size, path)


def link_anew(path):
    """What a link says in the artifact; None if that is what it says here."""
    dist = os.getcwdb()
    try:
        return artifact_links.new_text(os.path.join(dist, path), dist)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return None
        raise


def opened(entry):
    """A file, as long as it is what was listed."""
    file = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    found = os.fstat(file)
    if not stat.S_ISREG(found.st_mode) or found.st_size != entry.size:
        raise changed(entry)
    return file


def changed(entry):
    name = entry.path.decode(errors="backslashreplace").encode("unicode_escape").decode()
    return SystemExit(f"{name} changed while it was read")


def pieces_of(entry, buffer):
    """The content of a file, in pieces that are there until the next one; not a byte more or less than was listed."""
    file = opened(entry)
    left = entry.size
    try:
        while left > 0:
            count = os.readv(file, [buffer])
            if count == 0 or count > left:
                raise changed(entry)
            left -= count
            yield buffer[:count]
        if os.read(file, 1):
            raise changed(entry)
    finally:
        os.close(file)


def hash_of(entry, buffer):
    digest = hashlib.sha256(usedforsecurity=False)
    for piece in pieces_of(entry, buffer):
        digest.update(piece)
    return digest.digest()


def hashes_of(files, cpus):
    """The hashes of files, in their order: hashed by as many processes as are worth it, in turns."""
    size = sum(entry.size for entry in files)
    count = min(cpus, 1 + size // WORTH_BYTES) if files else 0
    turns = [files[at : at + AT_ONCE] for at in range(0, len(files), AT_ONCE)]
    workers = [worker(turns[at::count]) for at in range(count)]
    for index, turn in enumerate(turns):
        hashes = workers[index % count].read(32 * len(turn))
        if len(hashes) < 32 * len(turn):
            # It has said why.
            raise SystemExit(1)
        for at in range(len(turn)):
            yield hashes[32 * at : 32 * at + 32].hex()


def worker(turns):
    """Starts a process that hashes files. Returns where it writes their hashes."""
    read, write = os.pipe()
    if os.fork() != 0:
        os.close(write)
        return open(read, "rb")
    status = 1
    try:
        os.close(read)
        buffer = memoryview(bytearray(PIECE))
        with open(write, "wb", buffering=0) as out:
            for turn in turns:
                out.write(b"".join(hash_of(entry, buffer) for entry in turn))
        status = 0
    except BrokenPipeError:
        pass
    except (OSError, SystemExit) as error:
        print(error, file=sys.stderr, flush=True)
    finally:
        os._exit(status)


def listed(dist, most_entries, most_bytes):
    """The entries that there are, and whether they are more than may be."""
    entries, size = [], 0
    for entry in dist.entries():
        entries.append(entry)
        size += entry.size
        # The top is one, too.
        if len(entries) > most_entries + 1 or size > most_bytes:
            return entries, True
    return entries, False


def is_hashed(entry):
    return entry.type == "0" and entry.size > 0


def main():
    directory, cpus, most_entries, most_bytes = sys.argv[1:5]
    os.chdir(os.fsencode(directory))
    entries, is_too_much = listed(Dist(map(os.fsencode, sys.argv[5:])), int(most_entries), int(most_bytes))
    with open(OUT, "wb", buffering=LIST_PIECE) as out:
        hashes = iter(()) if is_too_much else hashes_of([one for one in entries if is_hashed(one)], max(1, int(float(cpus))))
        for entry in entries:
            is_file = entry.type == "0" and not is_too_much
            out.write(entry.record((next(hashes) if is_hashed(entry) else NOTHING) if is_file else UNKNOWN))
        out.write(b"\0")
        out.flush()
        print(flush=True)
        wanted = sys.stdin.readline()
        buffer = memoryview(bytearray(PIECE))
        for entry, answer in zip(entries, wanted):
            if answer == "1":
                for piece in pieces_of(entry, buffer):
                    out.write(piece)


try:
    main()
except OSError as error:
    sys.exit(str(error))
