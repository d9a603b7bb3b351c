"""The Merkle tree, against the definition of RFC 6962 written down once more."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodiet.verify.merkle import EMPTY_ROOT, Frontier, inclusion_path, leaf_hash, root, root_by_path

# Inputs and roots of the tree with 1 to 8 leaves that certificate transparency logs test with
# (google/certificate-transparency, merkletree/merkle_tree_test.cc).
KNOWN_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
KNOWN_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

LEAVES = st.lists(st.binary(max_size=8), max_size=70)


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + defined_root(leaves[:half]) + defined_root(leaves[half:])).digest()


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([]) == EMPTY_ROOT
    assert Frontier().root == EMPTY_ROOT


@pytest.mark.parametrize(("size", "expected"), KNOWN_ROOTS.items())
def test_known_trees_have_their_known_roots(size: int, expected: str) -> None:
    leaves = KNOWN_LEAVES[:size]
    assert defined_root(leaves).hex() == expected
    assert root(map(leaf_hash, leaves)).hex() == expected


@given(LEAVES)
def test_the_root_is_the_one_the_rfc_defines(leaves: list[bytes]) -> None:
    assert root(map(leaf_hash, leaves)) == defined_root(leaves)


@given(LEAVES)
def test_a_tree_that_grows_leaf_by_leaf_has_the_same_root_at_every_size(leaves: list[bytes]) -> None:
    frontier = Frontier()
    for size, leaf in enumerate(leaves, start=1):
        frontier = frontier.with_leaf(leaf_hash(leaf))
        assert frontier.size == size
        assert len(frontier.peaks) == size.bit_count()
        assert frontier.root == defined_root(leaves[:size])


@given(LEAVES.filter(bool))
def test_every_leaf_is_proved_by_its_path(leaves: list[bytes]) -> None:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    for index, leaf in enumerate(hashes):
        path = inclusion_path(index, hashes)
        assert len(path) <= (len(hashes) - 1).bit_length()
        assert root_by_path(leaf, index, len(hashes), path) == defined_root(leaves)


@given(LEAVES.filter(lambda leaves: len(leaves) > 1), st.data())
def test_a_path_proves_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    hashes = [leaf_hash(bytes([place]) + leaf) for place, leaf in enumerate(leaves)]
    index = data.draw(st.integers(0, len(hashes) - 1))
    other = data.draw(st.integers(0, len(hashes) - 1).filter(lambda place: place != index))
    path = inclusion_path(index, hashes)
    whole = root(hashes)
    assert root_by_path(hashes[other], index, len(hashes), path) != whole
    assert root_by_path(hashes[index], other, len(hashes), path) != whole
    assert root_by_path(hashes[index], index, len(hashes), path[:-1]) is None
    assert root_by_path(hashes[index], index, len(hashes), (*path, hashes[other])) is None


def test_a_leaf_that_is_not_in_the_tree_has_no_path() -> None:
    with pytest.raises(IndexError, match="2 leaves has no leaf 2"):
        inclusion_path(2, [leaf_hash(b"a"), leaf_hash(b"b")])
    assert root_by_path(leaf_hash(b"a"), 1, 1, ()) is None


def test_a_node_cannot_pass_for_a_leaf() -> None:
    one, two = leaf_hash(b"one"), leaf_hash(b"two")
    assert leaf_hash(one + two) != root([one, two])
