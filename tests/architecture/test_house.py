"""What import contracts cannot say: doors, sizes, names, grounds, addresses. Each can fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import addresses, doors, grounds, names, places, sizes, waivers
from tests.architecture.conftest import add_to
from tests.architecture.source import Module, empty_rooms, modules

OF_MODULES: dict[str, Callable[[list[Module]], list[str]]] = {
    "rooms meet only at doors": doors.past_the_doors,
    "no row of a table leaves its room": doors.rows_that_leave,
    "no file is too long": sizes.long_files,
    "no function is too long": sizes.long_functions,
    "a pure floor stands on its own ground": grounds.outside_the_ground,
    "what is written for a moment lies under the home": places.outside_the_home,
}
OF_FOLDERS: dict[str, Callable[[Path], list[str]]] = {
    "no name says nothing": names.forbidden,
    "every folder is a package": names.without_package_file,
    "every migration is named": names.unnamed_migrations,
    "what is passed over says why": waivers.without_reason,
}
FOLDERS = ("src", "tests", "bench")

BROKEN_MODULES = {
    "a file for a moment, anywhere": (
        places.outside_the_home,
        "understand/ltv/contracts.py",
        "import tempfile\nfile = tempfile.NamedTemporaryFile(suffix='.csv')",
    ),
    "the tables of another room": (
        doors.past_the_doors,
        "understand/ltv/contracts.py",
        "from joren.accounts import models",
    ),
    "the rules of another room": (
        doors.past_the_doors,
        "understand/ltv/contracts.py",
        "def late() -> None:\n    import joren.accounts.rules",
    ),
    "a relative way in": (
        doors.past_the_doors,
        "understand/ltv/contracts.py",
        "from ..ranks import rules",
    ),
    "a face from a page": (
        doors.past_the_doors,
        "project/pages/__init__.py",
        "from joren.accounts import api",
    ),
    "a room instead of its door": (
        doors.past_the_doors,
        "understand/ltv/contracts.py",
        "import joren.accounts",
    ),
    "tables through a door": (
        doors.past_the_doors,
        "understand/ltv/contracts.py",
        "from joren.accounts import selectors\nrows = selectors.models.Member",
    ),
    "a private name through a door": (
        doors.past_the_doors,
        "understand/ltv/contracts.py",
        "from joren.accounts.services import _hash",
    ),
    "a row as the answer": (
        doors.rows_that_leave,
        "accounts/selectors.py",
        "def everybody() -> list[models.Member]: ...",
    ),
    "a query as the answer": (
        doors.rows_that_leave,
        "accounts/selectors.py",
        'def everybody() -> "QuerySet[Any]": ...',
    ),
    "401 lines": (sizes.long_files, "core/long.py", "x = 1\n" * 400),
    "61 lines in a function": (
        sizes.long_functions,
        "core/long.py",
        "def long() -> None:\n" + "    x = 1\n" * 60,
    ),
    "NumPy in core": (grounds.outside_the_ground, "core/period.py", "import numpy"),
    "Altair in science": (grounds.outside_the_ground, "science/clv/sums.py", "import altair"),
    "pandas in science": (grounds.outside_the_ground, "science/errors.py", "import pandas as pd"),
}
BROKEN_FOLDERS = {
    "a module of that name": (names.forbidden, "accounts/utils.py", "accounts/utils.py"),
    "a folder of that name": (names.forbidden, "accounts/common/x.py", "accounts/common/x.py"),
    "no package file": (names.without_package_file, "accounts/hidden/x.py", "accounts/hidden:"),
    "none further up": (names.without_package_file, "accounts/a/b/__init__.py", "accounts/a:"),
    "a migration by number": (names.unnamed_migrations, "x/migrations/0009_initial.py", "0009"),
    "a migration by the clock": (names.unnamed_migrations, "x/migrations/0009_auto_2.py", "0009"),
    "a migration of many": (names.unnamed_migrations, "x/migrations/0009_a_and_more.py", "0009"),
}


@pytest.mark.parametrize("faults_of", OF_MODULES.values(), ids=OF_MODULES)
def test_the_modules_keep_the_rule(
    faults_of: Callable[[list[Module]], list[str]], repository: Path
) -> None:
    source = modules(repository / "src")
    others = [module for folder in FOLDERS[1:] for module in modules(repository, folder)]

    faults = faults_of(source + (others if "long" in faults_of.__name__ else []))

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("faults_of", OF_FOLDERS.values(), ids=OF_FOLDERS)
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folders_keep_the_rule(
    faults_of: Callable[[Path], list[str]], folder: str, repository: Path
) -> None:
    faults = faults_of(repository / folder)

    assert not faults, "\n".join(faults)


def test_no_room_is_empty(repository: Path) -> None:
    assert not empty_rooms(repository / "src")


def test_an_empty_room_is_found(copy: Path) -> None:
    (copy / "src/joren/listen/surveys").mkdir(parents=True)

    assert "joren.listen.surveys" in empty_rooms(copy / "src")


def test_no_file_names_a_registry_or_a_machine(repository: Path) -> None:
    faults = addresses.named(repository)

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("faults_of", "file", "source"), BROKEN_MODULES.values(), ids=BROKEN_MODULES
)
def test_a_broken_module_is_found(
    faults_of: Callable[[list[Module]], list[str]], file: str, source: str, copy: Path
) -> None:
    add_to(copy / "src/joren" / file, source)

    faults = faults_of(modules(copy / "src"))

    assert any(file in fault for fault in faults)


@pytest.mark.parametrize(
    ("faults_of", "file", "named"), BROKEN_FOLDERS.values(), ids=BROKEN_FOLDERS
)
def test_a_broken_folder_is_found(
    faults_of: Callable[[Path], list[str]], file: str, named: str, copy: Path
) -> None:
    (copy / "src/joren" / file).parent.mkdir(parents=True, exist_ok=True)
    (copy / "src/joren" / file).touch()

    faults = faults_of(copy / "src")

    assert any(named in fault for fault in faults)


@pytest.mark.parametrize(
    ("line", "fine"),
    [
        ("x = 1  # noqa: S104", False),
        ("x = 1  # noqa", False),
        ("x = 1  # noqa: S104, S105 (compared with)", True),
        ("x = f()  # type: ignore[arg-type]", False),
        ("x = f()  # type: ignore", False),
        ("x = f()  # type: ignore[arg-type, misc]  # the constraint keeps it", True),
    ],
)
def test_what_is_passed_over_without_a_reason_is_found(
    line: str, fine: bool, tmp_path: Path
) -> None:
    (tmp_path / "x.py").write_text(f"{line}\n")

    assert (waivers.without_reason(tmp_path) == []) is fine


@pytest.mark.parametrize(
    "line",
    [
        "https://pypi" + ".org/simple",
        "pip install --extra" + "-index-url file:///elsewhere",
        "cd /wor" + "k/main",
        "FOLDER = '/tm" + "p/joren'",
    ],
)
def test_an_address_is_found(line: str, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(f"first\n{line}\n")

    (found,) = addresses.named(tmp_path)

    assert found.startswith("notes.md:2: ")
