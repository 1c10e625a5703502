"""What every test stands on: its home, its database, its data, and a small cast.

Alice runs the business, Bob may only look, Charlie is a stranger.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate

from tests import surroundings
from tests.absence import IN_CI, absent

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

REPOSITORY = Path(__file__).parents[1]
pytest_plugins = ("tests.engines", "tests.refreshed_homes")

if django_settings.configured:
    raise pytest.UsageError(
        "Django's settings were read before the tests had a home of their own; "
        "unset DJANGO_SETTINGS_MODULE and give no --ds"
    )
_FOLDER = surroundings.prepare()

hypothesis.settings.register_profile("here", deadline=None)
# The same examples each time: more of them would find nothing that the first run did not.
hypothesis.settings.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, max_examples=25
)
hypothesis.settings.load_profile("ci" if IN_CI else "here")


def pytest_configure() -> None:
    # A file, as in a shop: in memory neither the journal nor the locks would be the real ones.
    if not surroundings.on_postgresql():
        for name, database in django_settings.DATABASES.items():
            database["TEST"] = {"NAME": str(Path(_FOLDER.name) / f"{name}-tests.sqlite3")}
    # A slow hash is a shop's protection and would be a quarter of these tests' time.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_report_header() -> str:
    where = "PostgreSQL" if surroundings.on_postgresql() else "SQLite"
    return (
        f"joren: database {where}, home {os.environ['JOREN_HOME']}, CI {'yes' if IN_CI else 'no'}"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that may use the database may use all of its files: pages read the inbox too."""
    for item in items:
        marks = list(item.iter_markers("django_db"))
        if marks or {"db", "transactional_db"} & {*getattr(item, "fixturenames", ())}:
            asked = {name: value for mark in reversed(marks) for name, value in mark.kwargs.items()}
            whole = pytest.mark.django_db(**{**asked, "databases": "__all__"})
            item.add_marker(whole, append=False)


def pytest_collection_finish() -> None:
    # After each test that commits Django would note its tables and permissions, which nobody reads.
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    gc.freeze()  # modules and tests stay to the end, and need not be looked through for garbage


def pytest_unconfigure() -> None:
    gc.unfreeze()  # else libraries take what is left for leaks, and say so at length
    _FOLDER.cleanup()


def pytest_runtest_setup(item: pytest.Item) -> None:
    # Not a lack of the machine: the same suite runs a second time, on PostgreSQL.
    if item.get_closest_marker("postgres") and not surroundings.on_postgresql():
        pytest.skip("runs in the pass on PostgreSQL: JOREN_TEST_DATABASE_URL=postgresql://…")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    """A home and a warehouse of this test's own, for this process and for its children."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("JOREN_HOME", str(folder))
    settings.JOREN_HOME = folder
    settings.JOREN_WAREHOUSE = str(folder / "warehouse")
    return folder


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Public order logs that joren is measured on; they are no part of the project."""
    folder = Path(os.environ.get("JOREN_DATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        absent(f"the data folder {folder}", hint="set JOREN_DATA to the folder of the order logs")
    return folder


@pytest.fixture
def alice_the_admin(db: None) -> Client:
    """Alice runs the business."""
    return _signed_in("alice@example.com", role="admin")


@pytest.fixture
def bob_the_viewer(db: None) -> Client:
    """Bob may look at figures, and at nobody's name."""
    return _signed_in("bob@example.com", role="viewer")


@pytest.fixture
def charlie_the_stranger(db: None) -> Client:
    """Charlie is not signed in."""
    from django.test import Client

    return Client()


def _signed_in(email: str, *, role: str) -> Client:
    # Read here, because these need Django's apps and the tests of pure code do without.
    from django.contrib.auth import get_user_model
    from django.test import Client

    from joren.accounts import services

    services.add_member(email, role=role, password="a sentence that only one knows")
    client = Client()
    client.force_login(
        get_user_model().objects.get(email=email),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client
