"""The tables. Times are UTC in ISO 8601, so that they sort as text on every database; lists of ids are JSON."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

UUID_LENGTH = 36

METADATA = MetaData()

evaluation = Table(
    "evaluation",
    METADATA,
    Column("id", String(UUID_LENGTH), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("at", String(27), nullable=False),
    Column("service", String(64), nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("jurisdiction", String(8), nullable=False),
    Column("knowledge_version", String(32), nullable=False),
    Column("knowledge_digest", String(80), nullable=False),
    Column("fact_digest", String(80), nullable=False),
    Column("answer_digest", String(80), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("rules", JSON, nullable=False),
    Index("evaluation_at", "at"),
    Index("evaluation_fact_digest", "fact_digest"),
    Index("evaluation_answer_digest", "answer_digest"),
)

card = Table(
    "card",
    METADATA,
    Column("uuid", String(UUID_LENGTH), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("evaluation", ForeignKey("evaluation.id", ondelete="CASCADE"), nullable=False, index=True),
)

suggestion = Table(
    "suggestion",
    METADATA,
    Column("uuid", String(UUID_LENGTH), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("card", ForeignKey("card.uuid", ondelete="CASCADE"), nullable=False, index=True),
    Column("regimen", String(32), nullable=False),
)

used_token = Table(
    "used_token",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("expires", String(27), nullable=False, index=True),
)

feedback = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("card", ForeignKey("card.uuid", ondelete="CASCADE"), nullable=False, index=True),
    Column("outcome", String(16), nullable=False),
    Column("outcome_timestamp", String(27), nullable=False),
    Column("accepted_regimens", JSON, nullable=False),
    Column("reason_system", Text),
    Column("reason_code", Text),
    Column("user_comment", Text),
    Column("at", String(27), nullable=False),
    UniqueConstraint("tenant", "card", "outcome", "outcome_timestamp", name="feedback_once"),
)
