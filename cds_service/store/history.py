"""Looking up what was answered, to compare it with what would be answered now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, or_, select

from cds_service.store import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What there is to know of an answer in order to give it again."""

    as_of: date
    jurisdiction: str
    knowledge_version: str
    knowledge_digest: str
    fact_digest: str
    answer_digest: str


def find_answer(engine: Engine, digest: str) -> Earlier | None:
    """The latest answer with this digest, of its facts or of itself."""
    columns = tables.evaluation.c
    wanted = (
        select(tables.evaluation)
        .where(or_(columns.fact_digest == digest, columns.answer_digest == digest))
        .order_by(columns.at.desc(), columns.id)
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(wanted).first()
    if row is None:
        return None
    return Earlier(
        as_of=date.fromisoformat(row.as_of),
        jurisdiction=row.jurisdiction,
        knowledge_version=row.knowledge_version,
        knowledge_digest=row.knowledge_digest,
        fact_digest=row.fact_digest,
        answer_digest=row.answer_digest,
    )
