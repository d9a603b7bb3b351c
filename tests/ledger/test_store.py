"""What every place that keeps a ledger promises."""

from collections.abc import Callable

import pytest

from custodiet.base.errors import Refused
from custodiet.ledger.store import Row, Store
from custodiet.verify.merkle import Frontier, leaf_hash

Opens = Callable[[], Store]


class PowerCut(Exception):  # noqa: N818 - it is an event
    """Something that ends a transaction in its middle."""


def add(store: Store, key: str) -> Row:
    """Add a row with the next index."""
    before = store.frontier()
    row = Row(before.size, key, key.encode(), leaf_hash(key.encode()), {"b": b"2" * 32, "a": b"1" * 32})
    store.add(row, before.with_leaf(row.leaf))
    return row


def test_what_was_added_is_there_after_opening_again(opens: Opens) -> None:
    store = opens()
    with store.transaction():
        added = [add(store, key) for key in ("one", "two", "three")]
    store.close()
    store = opens()
    assert list(store.rows(0, 3)) == added
    assert list(store.rows(1, 2)) == added[1:2]
    assert store.find("two") == added[1]
    assert store.find("four") is None


def test_the_tree_of_every_earlier_size_is_kept(opens: Opens) -> None:
    store, expected = opens(), [Frontier()]
    with store.transaction():
        for number in range(9):
            row = add(store, str(number))
            expected.append(expected[-1].with_leaf(row.leaf))
    assert [store.frontier(size) for size in range(10)] == expected
    assert store.frontier() == expected[-1]


def test_a_transaction_that_is_cut_off_leaves_nothing(opens: Opens) -> None:
    store = opens()
    with store.transaction():
        add(store, "kept")

    def cut_off() -> None:
        with store.transaction():
            add(store, "lost")
            raise PowerCut

    with pytest.raises(PowerCut):
        cut_off()
    assert store.frontier().size == 1
    assert store.find("lost") is None
    with store.transaction():
        assert add(store, "next").index == 1


def test_a_key_is_used_once(opens: Opens) -> None:
    store = opens()
    with store.transaction():
        add(store, "one")
    with pytest.raises(Refused, match="UNIQUE"), store.transaction():
        add(store, "one")
    assert store.frontier().size == 1


def test_only_one_program_writes_at_a_time(opens: Opens) -> None:
    one, two = opens(), opens()
    with one.transaction():
        add(one, "one")
        with pytest.raises(Refused, match=r"another program is writing to it\. Wait"), two.transaction():
            add(two, "two")
        assert two.frontier().size == 0, "what is not kept yet is not seen"
    assert two.frontier().size == 1
