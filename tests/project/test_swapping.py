"""A swap that dies at any of its steps: as it was, or done by the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from joren.project import swapping
from joren.project.swapping import Move

OLD = {
    "home/joren.sqlite3": "old", "home/joren.sqlite3-wal": "old wal", "home/secret-key": "old",
    "home/journal/import-1/plan.json": "old", "far/warehouse/orders/a": "old",
}  # fmt: skip
NEW = {
    "home/joren.sqlite3": "new", "home/secret-key": "new", "home/uploads/b": "new",
    "far/warehouse/orders/c": "new",
}  # fmt: skip


class Died(BaseException):
    """The process, at this step."""


def moves(root: Path) -> list[Move]:
    home, aside = root / "home", root / "home/before-restore/now"
    laid = root / "home/restoring"
    return [
        Move(str(home / "joren.sqlite3"), str(aside / "joren.sqlite3"),
             str(laid / "joren.sqlite3"), ("-wal", "-shm")),
        Move(str(home / "journal"), str(aside / "journal")),
        Move(str(home / "secret-key"), str(aside / "secret-key"), str(laid / "secret-key")),
        Move(str(home / "uploads"), str(aside / "uploads"), str(laid / "uploads")),
        Move(str(root / "far/warehouse"), str(aside / "warehouse"), str(laid / "warehouse")),
    ]  # fmt: skip


def written(root: Path) -> None:
    new = {name.replace("far/", "home/").replace("home/", "home/restoring/"): text
           for name, text in NEW.items()}  # fmt: skip
    for name, text in {**OLD, **new}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(root: Path) -> dict[str, str]:
    apart = ("home/restor", "home/before-restore")
    files = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in files.items() if not name.startswith(apart)}


@pytest.mark.parametrize("born", [False, True], ids=["", "and a file was born in between"])
@pytest.mark.parametrize("steps", range(12))
def test_a_swap_that_dies_is_before_or_after(
    steps: int, born: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    left = [steps]
    rename, replace = Path.rename, Path.replace

    def dying(real):  # type: ignore[no-untyped-def]
        def step(self: Path, target: Path | str) -> Path:
            if left[0] == 0:
                raise Died
            left[0] -= 1
            return real(self, target)

        return step

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", dying(rename))
        patched.setattr(Path, "replace", dying(replace))
        died = False
        try:
            swapping.swap(tmp_path / "home", moves(tmp_path))
        except Died:
            died = True
    promised = (tmp_path / "home" / swapping.PLAN).exists()
    secret = tmp_path / "home/secret-key"
    if born and not secret.exists():
        secret.write_text("of a start in between")

    swapping.finish(tmp_path / "home")

    assert died == (steps < 10)
    assert promised == (0 < steps < 10)
    assert found(tmp_path) == (NEW if steps else OLD)
    if steps:
        kept = tmp_path / "home/before-restore/now"
        assert (kept / "secret-key").read_text() == "old"
        assert (kept / "joren.sqlite3-wal").read_text() == "old wal"


def test_what_lies_on_another_disk_is_put_aside_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    far = str(tmp_path / "far/warehouse")
    rename = Path.rename

    def across(self: Path, target: Path | str) -> Path:
        if str(self) == far:
            raise OSError("Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", across)
    swapping.swap(tmp_path / "home", moves(tmp_path))

    assert found(tmp_path) == NEW
    assert (tmp_path / "home/before-restore/now/warehouse/orders/a").read_text() == "old"
