"""What an installation may choose, and how a wrong choice is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from joren.core.errors import BadInput
from joren.project import environment
from joren.project.databases import database


def test_all_state_lies_under_one_folder(tmp_path: Path) -> None:
    read = environment.read({"JOREN_HOME": str(tmp_path / "shop")})

    assert read.home == tmp_path / "shop"
    assert read.database_url == f"sqlite:///{tmp_path}/shop/joren.sqlite3"
    assert read.warehouse == str(tmp_path / "shop" / "warehouse")


def test_nobody_else_can_read_the_home_or_its_secret(tmp_path: Path) -> None:
    home = environment.read({"JOREN_HOME": str(tmp_path / "shop")}).home

    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    first = environment.read({"JOREN_HOME": str(tmp_path)})

    again = environment.read({"JOREN_HOME": str(tmp_path)})

    assert len(first.secret_key) >= 64
    assert again.secret_key == first.secret_key
    files = [file for file in tmp_path.iterdir() if file.is_file()]
    assert {file.name for file in files} == {"secret-key", "personal-keys"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_secret_of_the_environment_writes_no_file(tmp_path: Path) -> None:
    read = environment.read({"JOREN_HOME": str(tmp_path), "JOREN_SECRET_KEY": "given"})

    assert read.secret_key == "given"
    assert not (tmp_path / "secret-key").exists()


def test_keys_of_personal_data_are_made_once_or_are_those_of_the_environment(
    tmp_path: Path,
) -> None:
    first = environment.read({"JOREN_HOME": str(tmp_path)})
    made = (tmp_path / "personal-keys").read_text()
    again = environment.read({"JOREN_HOME": str(tmp_path)})
    given = environment.read({"JOREN_HOME": str(tmp_path / "new"), "JOREN_PERSONAL_KEYS": "k9:x"})

    assert first.personal_keys == again.personal_keys == ""
    assert (tmp_path / "personal-keys").read_text() == made
    assert given.personal_keys == "k9:x"
    assert not (tmp_path / "new" / "personal-keys").exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("JOREN_TIMEZONE", "Asia/Nowhere", "no time zone"),
        ("JOREN_CURRENCY", "yen", "JOREN_CURRENCY is 'yen'"),
        ("JOREN_MEMORY", "much", "JOREN_MEMORY is 'much'"),
        ("JOREN_DEBUG", "perhaps", "JOREN_DEBUG is 'perhaps'"),
        ("JOREN_ENGINE", "pandas", "JOREN_ENGINE is 'pandas'"),
        ("JOREN_ENGINE", "spark", "JOREN_SPARK is not set"),
        ("JOREN_SPARK", "10.0.0.1:7077", "no cluster's address"),
        ("JOREN_RETURN_PATH", "bounces+*@mail", "JOREN_RETURN_PATH is"),
        ("JOREN_RETURN_PATH", "bounces*@mail.shop.example", "JOREN_RETURN_PATH is"),
        ("JOREN_RETURN_PATH", "Bounces+*@mail.shop.example", "JOREN_RETURN_PATH is"),
        ("JOREN_RETURN_PATH", "b+*-*@mail.shop.example", "JOREN_RETURN_PATH is"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        environment.read({"JOREN_HOME": str(tmp_path), name: value})

    assert refused.value.hint


def test_a_key_that_signs_no_mail_is_refused_at_the_start(tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (tmp_path / "dkim.pem").write_bytes(key)
    said = {"JOREN_HOME": str(tmp_path), "JOREN_DKIM": f"joren@shop.example:{tmp_path}/dkim.pem"}

    with pytest.raises(BadInput, match="no RSA private key"):
        environment.read(said)


def test_a_home_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(BadInput, match="cannot be made"):
        environment.read({"JOREN_HOME": str(tmp_path / "file" / "home")})


@pytest.mark.parametrize(
    ("text", "size"), [("2G", 2**31), ("512M", 2**29), ("1.5GiB", 3 * 2**29), ("4096", 4096)]
)
def test_sizes_are_read(tmp_path: Path, text: str, size: int) -> None:
    assert environment.read({"JOREN_HOME": str(tmp_path), "JOREN_MEMORY": text}).memory == size


def test_a_postgresql_address_is_taken_apart() -> None:
    read = database("postgresql://shop%40x:p%2Fw@db.example:5433/joren?sslmode=require")

    assert (read["USER"], read["PASSWORD"]) == ("shop@x", "p/w")
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("db.example", "5433", "joren")
    assert read["OPTIONS"]["sslmode"] == "require"


def test_a_postgresql_socket_is_a_host() -> None:
    read = database("postgresql:///joren?host=/run/postgresql")

    assert (read["HOST"], read["NAME"]) == ("/run/postgresql", "joren")


def test_sqlite_takes_its_write_lock_at_once() -> None:
    read = database("sqlite:////srv/joren.sqlite3")

    assert read["NAME"] == "/srv/joren.sqlite3"
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in read["OPTIONS"]["init_command"]


@pytest.mark.parametrize(
    "address",
    [
        "mysql://root:secret@db/joren",
        "sqlite://",
        "postgresql://db:port/joren",
        "postgresql://u:secret@db",
        "postgresql://u:secret@db/joren?magic=yes",
        "joren.sqlite3",
    ],
)
def test_a_wrong_address_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(BadInput, match="JOREN_DATABASE_URL") as refused:
        database(address)

    assert "secret" not in refused.value.message + refused.value.hint
