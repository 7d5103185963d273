"""Answers, their cards, the feedback on them, and used tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_UUID = sa.String(36)
_TENANT = sa.String(64)
_MOMENT = sa.String(27)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "evaluation",
        sa.Column("id", _UUID, primary_key=True),
        sa.Column("tenant", _TENANT, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("service", sa.String(64), nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("jurisdiction", sa.String(8), nullable=False),
        sa.Column("knowledge_version", sa.String(32), nullable=False),
        sa.Column("knowledge_digest", sa.String(80), nullable=False),
        sa.Column("fact_digest", sa.String(80), nullable=False),
        sa.Column("answer_digest", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
    )
    op.create_index("evaluation_at", "evaluation", ["at"])
    op.create_index("evaluation_fact_digest", "evaluation", ["fact_digest"])
    op.create_index("evaluation_answer_digest", "evaluation", ["answer_digest"])
    op.create_table(
        "card",
        sa.Column("uuid", _UUID, primary_key=True),
        sa.Column("tenant", _TENANT, nullable=False),
        sa.Column("evaluation", _UUID, sa.ForeignKey("evaluation.id", ondelete="CASCADE"), nullable=False, index=True),
    )
    op.create_table(
        "suggestion",
        sa.Column("uuid", _UUID, primary_key=True),
        sa.Column("tenant", _TENANT, nullable=False),
        sa.Column("card", _UUID, sa.ForeignKey("card.uuid", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("regimen", sa.String(32), nullable=False),
    )
    op.create_table(
        "used_token",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("expires", _MOMENT, nullable=False, index=True),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("tenant", _TENANT, nullable=False),
        sa.Column("card", _UUID, sa.ForeignKey("card.uuid", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("outcome_timestamp", _MOMENT, nullable=False),
        sa.Column("accepted_regimens", sa.JSON, nullable=False),
        sa.Column("reason_system", sa.Text),
        sa.Column("reason_code", sa.Text),
        sa.Column("user_comment", sa.Text),
        sa.Column("at", _MOMENT, nullable=False),
        sa.UniqueConstraint("tenant", "card", "outcome", "outcome_timestamp", name="feedback_once"),
    )
