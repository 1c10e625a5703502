"""The settings as a server has them: a process of its own, no debugging, WhiteNoise in front."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings

from joren.project import settings as of_a_shop

_ASK = """
import json, sys, warnings
from wsgiref.util import setup_testing_defaults
from joren.project.wsgi import application

def answer(path):
    environ = {"PATH_INFO": path, "HTTP_HOST": "shop.example"}
    setup_testing_defaults(environ)
    said = {}
    def start(status, headers, error=None):
        said.update(status=int(status[:3]), **{name.lower(): value for name, value in headers})
    said["size"] = sum(map(len, application(environ, start)))
    return said

print(json.dumps([answer(path) for path in sys.argv[1:]]))
"""


def asked(home: Path, *paths: str, **settings: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _ASK, *paths],
        env={**os.environ, "JOREN_HOME": str(home), "JOREN_ALLOWED_HOSTS": "shop.example"}
        | settings,
        cwd=Path(__file__).parents[2] / "src",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return answers


@pytest.mark.slow
def test_a_fresh_home_serves_its_files_without_collecting_them(tmp_path: Path) -> None:
    from joren.project.static_files import VEGA

    style, engine, htmx = asked(
        tmp_path,
        "/static/joren/joren.css",
        f"/static/{VEGA}",
        "/static/django_htmx/htmx-2.min.js",
    )

    assert [style["status"], engine["status"], htmx["status"]] == [200, 200, 200]
    assert engine["size"] > 500_000
    assert "max-age=86400" in style["cache-control"]


@pytest.mark.slow
def test_behind_tls_everything_keeps_to_it(tmp_path: Path) -> None:
    [sent_over] = asked(tmp_path, "/glossary/", JOREN_HTTPS="yes")

    assert sent_over["status"] == 301
    assert sent_over["location"].startswith("https://")


def test_a_shop_keeps_passwords_by_a_slow_hash_and_the_tests_do_not() -> None:
    chosen = getattr(of_a_shop, "PASSWORD_HASHERS", global_settings.PASSWORD_HASHERS)

    assert chosen[0].endswith(("PBKDF2PasswordHasher", "ScryptPasswordHasher"))
