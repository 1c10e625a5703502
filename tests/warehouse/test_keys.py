"""A set of keys that only grows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.warehouse.keys import KeySet

numbers = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.lists(numbers, max_size=20), max_size=12), st.lists(numbers, max_size=20))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_says_what_a_set_says(
    tmp_path_factory: pytest.TempPathFactory, added: list[list[int]], asked: list[int]
) -> None:
    keys, known = KeySet(tmp_path_factory.mktemp("keys")), set[int]()
    for number, batch in enumerate(added, 1):
        fresh = sorted({*batch} - known)
        keys.add(np.array(fresh, dtype=np.int64), number=number)
        known |= {*fresh}

    wanted = [*asked, *list(known)[:10]]
    missing = keys.missing(np.array(wanted, dtype=np.int64))

    assert missing.tolist() == [one not in known for one in wanted]


def test_it_keeps_few_files(tmp_path: Path) -> None:
    keys = KeySet(tmp_path)
    for number in range(1, 201):
        keys.add(np.arange(number * 100, number * 100 + 100), number=number)

    assert len(list(tmp_path.iterdir())) <= 9
    assert not keys.missing(np.arange(100, 20_100)).any()


def test_an_addition_is_made_once(tmp_path: Path) -> None:
    keys = KeySet(tmp_path)
    keys.add(np.array([1]), number=5)
    keys.add(np.array([2]), number=5)
    keys.add(np.array([3]), number=4)

    assert keys.missing(np.array([1, 2, 3])).tolist() == [False, True, True]
    assert keys.last() == 5


def test_what_a_crash_left_beside_the_merged_run_counts_once(tmp_path: Path) -> None:
    keys = KeySet(tmp_path)
    keys.add(np.array([1]), number=1)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    keys.add(np.array([2]), number=2)
    for path, content in before.items():
        path.write_bytes(content)

    keys.add(np.array([3]), number=3)

    assert not keys.missing(np.array([1, 2, 3])).any()
