"""Names for the integers that identify things, so that they are not mixed up."""

from __future__ import annotations

from typing import NewType

CustomerId = NewType("CustomerId", int)
IdentityId = NewType("IdentityId", int)
StoreId = NewType("StoreId", int)
OrderId = NewType("OrderId", int)
ImportId = NewType("ImportId", int)
SnapshotId = NewType("SnapshotId", int)
UserId = NewType("UserId", int)
