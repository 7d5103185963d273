"""Runs the steps on the connection that was handed over; Alembic loads this file by its name."""

from __future__ import annotations

from alembic import context

from cds_service.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
