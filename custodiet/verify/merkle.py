"""The Merkle tree over the leaves of a log: its root, and the proof that one leaf is in it (RFC 6962, section 2.1).

Every hash is SHA-256. A leaf is hashed behind a byte 0, a node behind a byte 1, so that neither can pass for the other.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_BYTES = 32

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed to add a leaf to a tree and to know its root: the roots of its perfect subtrees.

    A tree of `size` leaves has one perfect subtree for each 1 in the binary digits of its size, the
    largest first; so a leaf is added in time that does not grow with the tree, on average.

    >>> Frontier().root == EMPTY_ROOT
    True
    >>> Frontier().with_leaf(leaf_hash(b"one")).root == leaf_hash(b"one")
    True
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def with_leaf(self, leaf: bytes) -> "Frontier":
        """The tree with one more leaf, given by its hash."""
        peaks, subtree, size = list(self.peaks), leaf, self.size
        while size % 2:
            subtree = node_hash(peaks.pop(), subtree)
            size //= 2
        return Frontier(self.size + 1, (*peaks, subtree))

    @property
    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root(leaves: Iterable[bytes]) -> bytes:
    """The root of the tree over some leaves, given by their hashes."""
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        pairs = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def inclusion_path(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """The hashes that lead from one leaf to the root, lowest first (RFC 6962, section 2.1.1).

    Raises IndexError if the tree has no leaf of that index.
    """
    if not 0 <= index < len(leaves):
        message = f"a tree of {len(leaves)} leaves has no leaf {index}"
        raise IndexError(message)
    path, place, level = [], index, list(leaves)
    while len(level) > 1:
        beside = place ^ 1
        # The last subtree of an odd level has nothing beside it and moves up as it is.
        if beside < len(level):
            path.append(level[beside])
        pairs = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
        level, place = pairs + level[len(pairs) * 2 :], place // 2
    return tuple(path)


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to from a leaf; None if no tree of that size has such a path.

    A leaf is in the tree if this is the tree's root (RFC 9162, section 2.1.3.2, for the trees of RFC 6962).

    >>> one, two = leaf_hash(b"one"), leaf_hash(b"two")
    >>> root_by_path(one, 0, 2, inclusion_path(0, [one, two])) == root([one, two])
    True
    """
    if not 0 <= index < size:
        return None
    found, place, last, beside = leaf, index, size - 1, list(path)
    while last:
        if place % 2 or place < last:
            if not beside:
                return None
            other = beside.pop(0)
            found = node_hash(other, found) if place % 2 else node_hash(found, other)
        place, last = place // 2, last // 2
    return None if beside else found
