"""LINE: one push to one friend. The retry key is made of ours, so that a repeat is exactly once.

LINE keeps a retry key for 24 hours and answers 409 to a repeat whose message it has taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from joren.act.messages.contracts import Channel, Message, Outcome

_TAKEN_BEFORE: Final = 409
_TOO_MANY: Final = 429
_NOT_US: Final = (401, 403)
_LONGEST: Final = 5000  # UTF-16 units of a text
_LONGEST_ALT: Final = 400
_PATIENCE: Final = 20.0


@dataclass(frozen=True)
class Line:
    """The official account of the settings. The text part is sent; JSON of a bubble as Flex."""

    name: str = "line"
    remembers: timedelta = timedelta(hours=23)

    def lacks(self) -> tuple[str, ...]:
        return () if settings.JOREN_LINE_TOKEN else ("line",)

    def send(self, message: Message, *, key: str) -> Outcome:
        with self.session() as open_one:
            return open_one.send(message, key=key)

    @contextmanager
    def session(self) -> Iterator[Channel]:
        # Here, for the library takes a second to read and most processes never speak to LINE.
        from linebot.v3.messaging import ApiClient, Configuration, MessagingApi

        chosen = Configuration(host=settings.JOREN_LINE_API, access_token=settings.JOREN_LINE_TOKEN)
        chosen.retries = False  # what repeats is the ledger, which knows what was tried
        with ApiClient(chosen) as client:
            yield _Open(MessagingApi(client))


@dataclass(frozen=True)
class _Open:
    api: Any
    name: str = "line"

    def send(self, message: Message, *, key: str) -> Outcome:
        from linebot.v3.messaging import ApiException, PushMessageRequest
        from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

        number = str(uuid5(NAMESPACE_URL, f"joren:{key}"))
        if not message.to.strip() or any(sign.isspace() for sign in message.to):
            return Outcome("refused", number, "that is nobody on LINE")
        try:
            said = _said(message)
            if said is None:
                return Outcome("refused", number, f"the text has more than {_LONGEST} letters")
            asked = PushMessageRequest(to=message.to, messages=[said])
        except (ValueError, KeyError, TypeError):  # what the library says of a Flex that is none
            return Outcome("refused", number, "the Flex message is none that LINE knows")
        try:
            self.api.push_message(asked, x_line_retry_key=number, _request_timeout=_PATIENCE)
        except ApiException as problem:
            return _judged(problem.status, number)
        except (NewConnectionError, ConnectTimeoutError):
            return Outcome("refused", number, "LINE was not reached", again=True)
        except (HTTPError, OSError) as problem:
            return Outcome("unknown", number, type(problem).__name__, again=True)
        return Outcome("accepted", number)


def _said(message: Message) -> Any:
    from linebot.v3.messaging import FlexContainer, FlexMessage, TextMessage

    text = message.text.strip()
    if text.startswith("{") and '"type"' in text:
        shape = FlexContainer.from_json(json.dumps(json.loads(text)))
        return FlexMessage(alt_text=message.subject[:_LONGEST_ALT] or "…", contents=shape)
    if len(text.encode("utf-16-le")) // 2 > _LONGEST:
        return None
    return TextMessage(text=text)


def _judged(status: int | None, number: str) -> Outcome:
    if status == _TAKEN_BEFORE:
        return Outcome("accepted", number)
    reason = f"LINE answered {status}"
    if status is None or status >= 500:
        return Outcome("unknown", number, reason, again=True)
    return Outcome("refused", number, reason, again=status in (_TOO_MANY, *_NOT_US))


CHANNEL: Final = Line()
