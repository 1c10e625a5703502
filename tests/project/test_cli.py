"""The program ``joren`` as a shop runs it: exit codes, refusals, health, backup, serving."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import tarfile
import time
import urllib.request
from pathlib import Path

import pytest

from joren.core.errors import BadInput, NotFound
from joren.project.cli.entry import tell
from joren.project.environment import unmake
from joren.project.serving import AddressTaken, serve
from tests.project.running import PROGRAM, joren, surroundings

pytestmark = pytest.mark.slow
Checked = tuple[Path, subprocess.CompletedProcess[str]]


def test_a_refusal_has_a_message_and_a_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    code = tell(NotFound("no shop", hint="open one"), ["report"])

    assert (code, capsys.readouterr().err) == (1, "joren: no shop\nhint: open one\n")


def test_a_refusal_can_be_read_by_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    code = tell(BadInput("no day", hint="2026-03-31"), ["refresh", "--json"])

    said = json.loads(capsys.readouterr().err)
    assert code == 2
    assert said == {"error": {"code": "BadInput", "message": "no day", "hint": "2026-03-31"}}


def test_a_home_in_use_outlives_a_wrong_word(tmp_path: Path) -> None:
    for name in ("secret-key", "joren.sqlite3"):
        (tmp_path / name).write_text("kept")

    unmake(tmp_path)

    assert len(list(tmp_path.iterdir())) == 2


def test_a_wrong_setting_is_told_and_not_raised(tmp_path: Path) -> None:
    environment = {**surroundings(tmp_path / "home"), "JOREN_MEMORY": "much"}

    done = subprocess.run(
        [*PROGRAM, "check"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr.startswith("joren: JOREN_MEMORY is 'much'")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """A folder with a home that joren has opened once, to check it, and what it said."""
    folder = tmp_path_factory.mktemp("checked")
    return folder, joren("check", "--json", folder=folder)


@pytest.fixture
def opened(checked: Checked, tmp_path: Path) -> Path:
    """A copy of it, of this test's own."""
    return shutil.copytree(checked[0], tmp_path, dirs_exist_ok=True)


def test_a_report_before_any_refresh_says_what_to_do(opened: Path) -> None:
    done = joren("report", "value", "--json", folder=opened)

    assert done.returncode == 1
    assert json.loads(done.stderr)["error"]["hint"]
    assert not done.stdout


@pytest.mark.parametrize(
    "words",
    [("report", "value", "--nope"), ("import", "orders"), ("nonsense",), ("refresh", "--help")],
    ids=" ".join,
)
def test_what_nobody_understands_makes_no_home(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = joren(*words, folder=tmp_path)

    assert done.returncode == (0 if "--help" in words else 2)
    assert list(tmp_path.iterdir()) == []


def test_a_new_home_is_healthy(checked: Checked) -> None:
    _, done = checked

    said = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    assert {one["name"] for one in said["findings"]} >= {"database", "warehouse", "disk", "joren"}


def test_a_broken_database_is_a_fault_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "home" / "joren.sqlite3").write_bytes(b"no database at all" * 500)

    done = joren("check", "--json", folder=tmp_path)

    faults = [one for one in json.loads(done.stdout)["findings"] if not one["ok"]]
    assert done.returncode == 1
    assert [one["name"] for one in faults] == ["database"]
    assert faults[0]["hint"]


@pytest.fixture(scope="module")
def backed_up(checked: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home that knows Alice, and a backup of it."""
    folder = shutil.copytree(checked[0], tmp_path_factory.mktemp("backed-up"), dirs_exist_ok=True)
    joren("user", "add", "alice@example.com", "--role", "admin", "--generate", folder=folder)
    joren("source", "add", "shop", "--store", "own", folder=folder)
    kept = joren("backup", "kept.tar", "--json", folder=folder)
    assert kept.returncode == 0, kept.stderr
    return folder


def test_what_was_backed_up_comes_back(backed_up: Path, tmp_path: Path) -> None:
    shutil.copytree(backed_up, tmp_path, dirs_exist_ok=True)
    joren("user", "add", "bob@example.com", "--role", "viewer", "--generate", folder=tmp_path)
    refused = joren("restore", "kept.tar", folder=tmp_path)

    done = joren("restore", "kept.tar", "--replace", folder=tmp_path)

    assert (refused.returncode, done.returncode) == (1, 0), done.stderr
    assert "--replace" in refused.stderr
    with tarfile.open(tmp_path / "kept.tar") as tar:
        names = tar.getnames()
    assert [name for name in names if name.startswith("inbox.sqlite3")] == ["inbox.sqlite3"]
    assert "shop" in joren("source", "list", "--json", folder=tmp_path).stdout
    assert (tmp_path / "kept.tar").stat().st_mode & 0o077 == 0
    listed = joren("user", "list", folder=tmp_path).stdout
    assert "alice@example.com" in listed
    assert "bob@example.com" not in listed


def test_a_cut_backup_replaces_nothing(backed_up: Path, tmp_path: Path) -> None:
    shutil.copytree(backed_up, tmp_path, dirs_exist_ok=True)
    whole = (tmp_path / "kept.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])

    done = joren("restore", "cut.tar", "--replace", folder=tmp_path)

    assert done.returncode == 2, done.stderr
    assert "alice@example.com" in joren("user", "list", folder=tmp_path).stdout


def test_up_serves_until_it_is_asked_to_stop(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [*PROGRAM, "up", "--port", str(port)], cwd=tmp_path, env=surroundings(tmp_path / "home")
    ) as running:
        try:
            answered = _answers(port)
            with pytest.raises(AddressTaken, match=f"port {port} cannot be listened on"):
                serve(host="127.0.0.1", port=port, workers=1)
            working = json.loads(joren("schedule", "--json", folder=tmp_path).stdout)["workers"]
        finally:
            running.send_signal(signal.SIGTERM)
            code = running.wait(30)

    assert answered
    assert code == 0
    assert working == 1
    with socket.socket() as gone:
        assert gone.connect_ex(("127.0.0.1", port)) != 0


def test_a_database_that_is_away_is_told_and_not_raised(tmp_path: Path) -> None:
    away = {"JOREN_DATABASE_URL": "postgresql://joren@127.0.0.1:1/joren"}
    environment = {**surroundings(tmp_path / "home"), **away}

    done = subprocess.run(
        [*PROGRAM, "up"], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("joren: ")
    assert "JOREN_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def _answers(port: int) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/account/login/", timeout=5
            ) as page:
                return bool(page.status == 200)
        except OSError:  # nobody there yet, or slower than that
            time.sleep(0.3)
    return False
