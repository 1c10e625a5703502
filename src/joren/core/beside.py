"""Work of one core that goes on while another waits for the engine or the database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def beside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Begin the work in a thread of its own; ``result()`` waits for it and raises what it raised.

    For pure work only: the database is not the thread's. Nobody has to wait: the interpreter does.
    """
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(work, *args, **kwargs)
    finally:
        pool.shutdown(wait=False)
