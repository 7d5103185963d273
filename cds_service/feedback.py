"""What users did with cards, read from the body of a feedback call: every item fits, or none is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from cds_service.errors import WrongFeedback
from cds_service.hook_call import UUID
from cds_service.store.records import Feedback, FeedbackOutcome

MOST_BYTES = 64 * 1024
MOST_ITEMS = 100
MOST_SUGGESTIONS = 20
LONGEST_COMMENT = 4000
LONGEST_CODE = 256

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_OUTCOMES = frozenset(outcome.value for outcome in FeedbackOutcome)

Problem = tuple[str, str]


def read_feedback(body: object) -> tuple[Feedback, ...]:
    """The items of a parsed body. Raises WrongFeedback with one problem per member that is missing or wrong."""
    items = body.get("feedback") if isinstance(body, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise WrongFeedback(("feedback", f"It must be a list of 1 to {MOST_ITEMS} items."))
    problems = [(f"feedback[{place}]{where}", what) for place, item in enumerate(items) for where, what in _problems(item)]
    if problems:
        raise WrongFeedback(*problems)
    return tuple(_item(item) for item in items)


def _problems(item: object) -> Iterator[Problem]:
    if not isinstance(item, dict):
        yield "", "It must be an object."
        return
    if not _is_uuid(item.get("card")):
        yield ".card", "It must be the uuid of a card."
    outcome = item.get("outcome")
    if not isinstance(outcome, str) or outcome not in _OUTCOMES:
        yield ".outcome", "It must be accepted or overridden."
    if _moment(item.get("outcomeTimestamp")) is None:
        yield ".outcomeTimestamp", "It must be a date and time with its zone."
    if "acceptedSuggestions" in item or outcome == FeedbackOutcome.ACCEPTED:
        yield from _problems_of_suggestions(item.get("acceptedSuggestions"))
    if "overrideReason" in item:
        yield from _problems_of_reason(item["overrideReason"])


def _problems_of_suggestions(accepted: object) -> Iterator[Problem]:
    if not isinstance(accepted, list) or not 1 <= len(accepted) <= MOST_SUGGESTIONS:
        yield ".acceptedSuggestions", f"It must be a list of 1 to {MOST_SUGGESTIONS} suggestions."
    elif not all(isinstance(each, dict) and _is_uuid(each.get("id")) for each in accepted):
        yield ".acceptedSuggestions", "Each must have the uuid of a suggestion as its id."


def _problems_of_reason(given: object) -> Iterator[Problem]:
    if not isinstance(given, dict) or not ("reason" in given or "userComment" in given):
        yield ".overrideReason", "It must have a reason or a userComment."
        return
    coding = given.get("reason", {"system": "-", "code": "-"})
    if not isinstance(coding, dict) or not all(_is_text(coding.get(name), LONGEST_CODE) for name in ("system", "code")):
        yield ".overrideReason.reason", "It must have a system and a code."
    comment = given.get("userComment", "")
    if not isinstance(comment, str) or len(comment) > LONGEST_COMMENT:
        yield ".overrideReason.userComment", f"It must be text of at most {LONGEST_COMMENT} characters."


def _item(item: Mapping[str, object]) -> Feedback:
    on = _moment(item["outcomeTimestamp"])
    given = item.get("overrideReason", {})
    accepted = item.get("acceptedSuggestions", [])
    if on is None or not isinstance(given, dict) or not isinstance(accepted, list):
        raise WrongFeedback  # never: it was looked at before
    coding = given.get("reason")
    return Feedback(
        card=str(item["card"]).lower(),
        outcome=FeedbackOutcome(str(item["outcome"])),
        on=on,
        suggestions=tuple(dict.fromkeys(each["id"].lower() for each in accepted)),
        reason=(coding["system"], coding["code"]) if coding else None,
        comment=given.get("userComment") or None,
    )


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest


def _moment(value: object) -> datetime | None:
    """An instant of RFC 3339, in UTC; None for anything else."""
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    whole, fraction, zone = match.groups()
    try:
        return datetime.fromisoformat(f"{whole}{(fraction or '')[:7]}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
