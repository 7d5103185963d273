"""The answer of one criterion, and how answers combine."""

from __future__ import annotations

from collections.abc import Sequence

from cds_service.knowledge.evaluation import Grounds
from cds_service.knowledge.logic import Truth, all_of, negate
from fhir_mappings.facts.frozen import frozen


@frozen()
class Judgement:
    """`because` is set where the criterion can say more exactly than its rule why it is met; `unknown` names what is missing."""

    truth: Truth
    because: str | None = None
    unknown: tuple[str, ...] = ()
    grounds: tuple[Grounds, ...] = ()


_PLAINLY_NOT_MET = Judgement(truth=Truth.NOT_MET)


def met(because: str | None = None, grounds: tuple[Grounds, ...] = ()) -> Judgement:
    """The criterion holds."""
    return Judgement(truth=Truth.MET, because=because, grounds=grounds)


def not_met(grounds: tuple[Grounds, ...] = ()) -> Judgement:
    """The criterion is known not to hold."""
    return Judgement(truth=Truth.NOT_MET, grounds=grounds) if grounds else _PLAINLY_NOT_MET


def unknown(*names: str, grounds: tuple[Grounds, ...] = ()) -> Judgement:
    """It cannot be told for want of `names`."""
    return Judgement(truth=Truth.UNKNOWN, unknown=names, grounds=grounds)


def decided(value: bool | None, *, name: str, because: str | None = None, grounds: tuple[Grounds, ...] = ()) -> Judgement:
    """From a plain three-valued answer; undecided, `name` is missing."""
    if value is None:
        return unknown(name, grounds=grounds)
    return met(because, grounds) if value else not_met(grounds)


def opposite(judgement: Judgement) -> Judgement:
    """The same judgement of the opposite statement."""
    return Judgement(truth=negate(judgement.truth), unknown=judgement.unknown, grounds=judgement.grounds)


def together(judgements: Sequence[Judgement]) -> Judgement:
    """All of them at once: reasons of those that hold, names of what is missing, grounds of all."""
    if len(judgements) == 1 and judgements[0].truth is not Truth.UNKNOWN:
        return judgements[0]
    truth = all_of(j.truth for j in judgements)
    reasons = [j.because for j in judgements if j.because]
    missing = {name for j in judgements for name in j.unknown} if truth is Truth.UNKNOWN else set()
    return Judgement(
        truth=truth,
        because=reasons[0] if truth is Truth.MET and reasons else None,
        unknown=tuple(sorted(missing)),
        grounds=tuple(g for j in judgements for g in j.grounds),
    )
