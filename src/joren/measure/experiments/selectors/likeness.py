"""What actions share, by what was done: the journey, the message, the audience, the content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joren.act.campaigns import selectors as campaigns
from joren.act.messages import selectors as messages
from joren.measure.experiments.contracts import EffectAction, Likeness


def likenesses(of: Mapping[int, EffectAction]) -> dict[int, list[Likeness]]:
    """What the action of each holdout may share with others."""
    sent = campaigns.messages_under(
        [number for number, action in of.items() if action.kind == "campaign"]
    )
    told = [*messages.templates(), *messages.templates(archived=True)] if sent else []
    content = {one.id: (one.content.name, one.content.kind) for one in told}
    return {number: _of(action, sent.get(number, ()), content) for number, action in of.items()}


def _of(
    action: EffectAction, sent: Sequence[int], content: Mapping[int, tuple[str, str]]
) -> list[Likeness]:
    match action.kind:
        case "journey":
            return [Likeness("journey", action.number or 0, action.name)]
        case "everything":
            return [Likeness("everything", 0, "")]
        case "segment":
            return [Likeness("audience", action.number or 0, action.name)]
        case "campaign":
            known = [content[number] for number in sent if number in content]
            found = [Likeness("message", sent[0], known[0][0])] if len(known) == 1 else []
            kinds = {kind for _, kind in known}
            return found + [Likeness("content", 0, kind) for kind in kinds if len(kinds) == 1]
    return []  # whoever comes, treated with another tool: nothing says what with
