"""Says which branch or tag of a repository somebody may have meant. Usage: nearest-ref.py NAME, with the answer of
`git ls-remote --symref` on stdin. Prints a sentence, or nothing."""

import difflib
import sys

MOST = 20_000


def main(wanted: str) -> None:
    names, default = [], None
    for line in sys.stdin.buffer.read().decode("utf-8", "replace").splitlines()[:MOST]:
        what, _, ref = line.partition("\t")
        if what.startswith("ref: refs/heads/") and ref == "HEAD":
            default = what.removeprefix("ref: refs/heads/")
        elif ref.startswith(("refs/heads/", "refs/tags/")) and not ref.endswith("^{}"):
            names.append(ref.split("/", 2)[2])
    by_letters = {name.lower(): name for name in names}
    # What git shows of a remote branch has the name of the remote before it.
    for guess in (wanted, wanted.partition("/")[2]):
        near = difflib.get_close_matches(guess.lower(), by_letters, n=1, cutoff=0.7) if guess else []
        if near:
            print(f"Did you mean {by_letters[near[0]]}?", end="")
            return
    if default is not None:
        print(f"The default branch is {default}.", end="")


main(sys.argv[1])
