"""What the environment says, read once and refused early. All state lies under one folder."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from joren.core.clock import zone
from joren.core.errors import BadInput
from joren.project import swapping
from joren.project.mail_server import MailServer, mail_server

LOCAL_URL = "http://127.0.0.1:8000"
_CLUSTERS = "spark://host:7077, sc://host:15002 (Spark Connect), or local[2] to try it"
_MAKES_ONE = "openssl genrsa -traditional 2048 makes one; no password on it"
_BYTES = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


@dataclass(frozen=True)
class Environment:
    """The settings of one installation, each from the variable ``JOREN_`` + its name."""

    home: Path
    secret_key: str
    personal_keys: str
    database_url: str
    warehouse: str
    engine: str
    spark: str | None
    allowed_hosts: tuple[str, ...]
    webhook_hosts: tuple[str, ...]
    url: str
    smtp: MailServer | None
    esp: tuple[str, Mapping[str, str]] | None
    dkim: tuple[str, str, str] | None
    return_path: str
    line_token: str
    line_secret: str
    sms: tuple[str, str]
    push: tuple[str, str]
    time_zone: str
    currency: str | None
    memory: int
    upload_limit: int
    inbox_outlives: str
    https: bool
    debug: bool


_MADE = {"secret-key", "personal-keys", "static", "locale"}
"""What reading the settings makes; a home in use has tables, too."""


def home_of(variables: Mapping[str, str]) -> Path:
    """The folder under which all state lies."""
    return Path(variables.get("JOREN_HOME", ".joren")).expanduser().absolute()


def unmake(home: Path) -> None:
    """Take away a home that was made for a command which nobody understood."""
    if home.is_dir() and {one.name for one in home.iterdir()} <= _MADE:
        shutil.rmtree(home)


def read(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read every setting; make the home folder and its secret key if there are none."""
    home = _home(home_of(variables))
    swapping.finish(home)  # a restore that was killed: before anything of the home is read
    time_zone = variables.get("JOREN_TIMEZONE", "Asia/Tokyo")
    zone(time_zone)
    hosts = _words(variables.get("JOREN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]"))
    https = _yes("JOREN_HTTPS", variables.get("JOREN_HTTPS", "no"))
    return Environment(
        home=home,
        secret_key=variables.get("JOREN_SECRET_KEY") or _kept_secret(home / "secret-key"),
        personal_keys=_personal_keys(variables, home / "personal-keys"),
        database_url=variables.get("JOREN_DATABASE_URL") or f"sqlite:///{home / 'joren.sqlite3'}",
        warehouse=variables.get("JOREN_WAREHOUSE") or str(home / "warehouse"),
        engine=_engine(variables.get("JOREN_ENGINE", "duckdb")),
        spark=_cluster(variables),
        allowed_hosts=hosts,
        url=_url(variables.get("JOREN_URL", ""), hosts, https=https),
        webhook_hosts=_words(variables.get("JOREN_WEBHOOK_HOSTS", "").lower()),
        smtp=mail_server(variables.get("JOREN_SMTP", "")),
        esp=_mail_service(variables),
        dkim=_dkim(variables.get("JOREN_DKIM", "")),
        return_path=_return_path(variables.get("JOREN_RETURN_PATH", "").strip()),
        line_token=variables.get("JOREN_LINE_TOKEN", "").strip(),
        line_secret=variables.get("JOREN_LINE_SECRET", "").strip(),
        sms=_told_by_webhook(variables, "JOREN_SMS", "JOREN_SMS_SECRET"),
        push=_told_by_webhook(variables, "JOREN_PUSH", "JOREN_PUSH_SECRET"),
        time_zone=time_zone,
        currency=_currency(variables.get("JOREN_CURRENCY", "")),
        memory=_bytes("JOREN_MEMORY", variables.get("JOREN_MEMORY", "2G")),
        upload_limit=_bytes("JOREN_UPLOAD_LIMIT", variables.get("JOREN_UPLOAD_LIMIT", "2G")),
        inbox_outlives=_outlived(variables.get("JOREN_INBOX_OUTLIVES", "crash")),
        https=https,
        debug=_yes("JOREN_DEBUG", variables.get("JOREN_DEBUG", "no")),
    )


def _home(home: Path) -> Path:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "static").mkdir(exist_ok=True)
    except OSError as problem:
        raise BadInput(
            f"JOREN_HOME is {home}, which cannot be made: {problem.strerror}",
            hint="name a folder that this user may write",
        ) from None
    if not os.access(home, os.W_OK):
        raise BadInput(
            f"JOREN_HOME is {home}, which this user cannot write, or it is read-only",
            hint="mount it writable, give this user the folder, or name another one",
        )
    return home


def _kept_secret(file: Path) -> str:
    """The secret of this home."""
    if not file.exists():
        _keep(file, secrets.token_urlsafe(64))
    if not (secret := file.read_text().strip()):
        raise BadInput(f"the secret key in {file} is empty", hint="delete the file and start again")
    return secret


def _personal_keys(variables: Mapping[str, str], file: Path) -> str:
    """Those of the environment; else "": they are the home's, made if there are none."""
    if given := variables.get("JOREN_PERSONAL_KEYS", ""):
        return given
    if not file.exists():
        key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        _keep(file, f"k1:{key}\n")
    return ""


def _keep(file: Path, text: str) -> None:
    """Write it for this user alone. Two processes that start together agree on the first one."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def _url(text: str, hosts: tuple[str, ...], *, https: bool) -> str:
    """Where customers reach this installation, without a / at the end."""
    if not text:
        named = [host for host in hosts if host != "*" and not host.startswith(".")]
        local = ("localhost", "127.0.0.1", "[::1]")
        public = [host for host in named if host not in local]
        if https and public:
            return f"https://{public[0]}"
        return LOCAL_URL
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise BadInput(
            f"JOREN_URL is {text!r}, which is no address", hint="such as https://joren.shop.example"
        )
    return text.rstrip("/")


def _mail_service(variables: Mapping[str, str]) -> tuple[str, Mapping[str, str]] | None:
    """The service that ``JOREN_ESP`` names, and what anymail wants to know of it."""
    name = variables.get("JOREN_ESP", "").strip().lower()
    if not name:
        return None
    if variables.get("JOREN_SMTP"):
        raise BadInput("JOREN_ESP and JOREN_SMTP both say how mail leaves", hint="name one of them")
    if not re.fullmatch(r"[a-z0-9_]+", name) or find_spec(f"anymail.backends.{name}") is None:
        raise BadInput(
            f"JOREN_ESP is {name!r}, which django-anymail does not know",
            hint="such as amazon_ses, mailgun, postmark, resend, sendgrid",
        )
    try:
        said = json.loads(variables.get("JOREN_ESP_SETTINGS", "") or "{}")
    except ValueError:
        said = None
    if not isinstance(said, dict):  # without the text: keys stand in it
        raise BadInput(
            "JOREN_ESP_SETTINGS is no JSON object", hint='such as {"API_KEY": "…"}, by its names'
        )
    return name, {
        one if one.startswith("WEBHOOK_") else f"{name.upper()}_{one}": value
        for one, value in said.items()
    }


def _dkim(text: str) -> tuple[str, str, str] | None:
    """Selector, domain and private key of ``selector@domain:/path/of/key.pem``."""
    if not text:
        return None
    found = re.fullmatch(r"([\w.-]+)@([\w.-]+\.[\w-]+):(/.+)", text)
    if not found:
        raise BadInput(
            f"JOREN_DKIM is {text!r}", hint="such as joren@shop.example:/run/secrets/dkim.pem"
        )
    try:
        private = Path(found[3]).read_text()
        key = load_pem_private_key(private.encode(), password=None)
    except (OSError, ValueError, TypeError) as problem:
        raise BadInput(
            f"the key of JOREN_DKIM cannot be read: {type(problem).__name__}",
            hint=_MAKES_ONE,
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise BadInput("the key of JOREN_DKIM is no RSA private key", hint=_MAKES_ONE)
    return found[1], found[2].lower(), private


# A letter or a digit right before the sign of a message would be read as a part of it.
_RETURNING = r"[a-z0-9._=+-]{1,32}|([a-z0-9._=+-]{0,23}[._=+-])?\*[a-z0-9._=+-]{0,8}"


def _return_path(text: str) -> str:
    """``bounces+*@mail.shop.example``: the ``*`` is exchanged for the message in question."""
    name, _, domain = text.partition("@")
    if text and not (
        name and re.fullmatch(_RETURNING, name) and re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9-]+", domain)
    ):
        raise BadInput(
            f"JOREN_RETURN_PATH is {text!r}",
            hint="in small letters, such as bounces+*@mail.shop.example",
        )
    return text


def _told_by_webhook(variables: Mapping[str, str], name: str, key: str) -> tuple[str, str]:
    """The address that carries messages on for us, and the secret they are signed with."""
    address, secret = variables.get(name, "").strip(), variables.get(key, "").strip()
    if bool(address) != bool(secret):
        raise BadInput(
            f"{name} and {key} go together",
            hint="an https:// address, and whsec_ with 24 to 64 bytes in base64",
        )
    return address, secret


def _engine(text: str) -> str:
    if text not in ("duckdb", "spark"):
        raise BadInput(f"JOREN_ENGINE is {text!r}", hint="duckdb or spark")
    return text


def _cluster(variables: Mapping[str, str]) -> str | None:
    """Where Spark is; asked for by its engine alone."""
    text = variables.get("JOREN_SPARK", "")
    if not text:
        if variables.get("JOREN_ENGINE") != "spark":
            return None
        raise BadInput("JOREN_ENGINE is spark, and JOREN_SPARK is not set", hint=_CLUSTERS)
    if not re.fullmatch(r"local|local\[(\d+|\*)\]|(spark|sc)://[^\s/]\S*", text):
        raise BadInput(f"JOREN_SPARK is {text!r}, which is no cluster's address", hint=_CLUSTERS)
    return text


def _currency(text: str) -> str | None:
    if not text:
        return None
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise BadInput(
            f"JOREN_CURRENCY is {text!r}, which is no currency code",
            hint="three capital letters of ISO 4217, such as JPY",
        )
    return text


def _outlived(text: str) -> str:
    if text not in ("crash", "power"):
        raise BadInput(
            f"JOREN_INBOX_OUTLIVES is {text!r}",
            hint="crash, or power: then each request waits for the disk",
        )
    return text


def _bytes(name: str, text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if not found:
        raise BadInput(f"{name} is {text!r}, which is no size", hint="for example 4G or 512M")
    return int(float(found[1]) * _BYTES[found[2].upper()])


def _yes(name: str, text: str) -> bool:
    answers = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if (answer := answers.get(text.lower())) is None:
        raise BadInput(f"{name} is {text!r}", hint="yes or no")
    return answer
