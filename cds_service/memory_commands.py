"""The commands on what the service remembers: `migrate`, `replay`, `feedback report`, `retention` and `forget`."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from cds_service import strict_json
from cds_service.chart_file import Refused, judge_file
from cds_service.digests import digest_of_answer, digest_of_facts
from cds_service.evaluation_json import as_extension
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.loader import load_knowledge
from cds_service.service_definition import CallContext, Caller
from cds_service.settings import load_settings
from cds_service.store.database import Schema, migrate, open_database, schema_of
from cds_service.store.history import Earlier, find_answer
from cds_service.store.memory import forget_before, forget_card, forget_tenant, utc_now
from cds_service.store.opening import database_of
from cds_service.store.report import as_json, as_text, feedback_report
from fhir_mappings.terminology import drug_table


def add_memory_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Put them among the commands. Which store they work on is told by the settings."""
    migration = commands.add_parser("migrate", help="bring the database to this release")
    migration.set_defaults(run=_migrate)
    replay = commands.add_parser(
        "replay", help="judge a chart again as it was judged then; status 1 when it differs"
    )
    replay.add_argument("file", type=Path, metavar="FILE", help="the request with all data, or a Bundle of the patient")
    replay.add_argument("--digest", required=True, help="digest of the facts or of the answer, as logged")
    replay.set_defaults(run=_replay)
    feedback = commands.add_parser("feedback", help="what became of the cards")
    report = feedback.add_subparsers(required=True, metavar="ACTION").add_parser("report", help="per rule and regimen")
    report.add_argument("--tenant", help="one tenant only")
    report.add_argument("--json", action="store_true", help="for a program")
    report.set_defaults(run=_report)
    retention = commands.add_parser("retention", help="delete what is older than the settings allow")
    retention.add_argument("--days", type=int, help="keep this many days instead")
    retention.set_defaults(run=_retention)
    forget = commands.add_parser("forget", help="delete what is kept of a tenant, or the answer that one of its cards belongs to")
    forget.add_argument("--tenant", required=True)
    forget.add_argument("--card", metavar="UUID")
    forget.set_defaults(run=_forget)


def _migrate(_given: argparse.Namespace) -> None:
    migrate(open_database(database_of(load_settings())))
    print("The database is at this release.")


def _store() -> Engine:
    """The store, if it is there and of this release."""
    engine = open_database(database_of(load_settings()))
    try:
        schema = schema_of(engine)
    except (SQLAlchemyError, OSError):
        raise Refused("the database cannot be reached") from None
    if schema is not Schema.CURRENT:
        raise Refused("the database is of another release" if schema is Schema.NEWER else "run `myeloma-cds migrate` first")
    return engine


def _replay(given: argparse.Namespace) -> None:
    earlier = find_answer(_store(), given.digest)
    if earlier is None:
        raise Refused("no answer with this digest is kept")
    knowledge = load_knowledge(drug_table())
    caller = Caller(tenant="command-line", jurisdiction=Jurisdiction(earlier.jurisdiction))
    judged = judge_file(given.file, CallContext(knowledge=knowledge, caller=caller, as_of=earlier.as_of, base_url=None))
    now = Earlier(
        as_of=earlier.as_of,
        jurisdiction=earlier.jurisdiction,
        knowledge_version=knowledge.version,
        knowledge_digest=knowledge.digest,
        fact_digest=digest_of_facts(judged.facts),
        answer_digest=digest_of_answer(as_extension(judged.evaluation)),
    )
    print(f"judged on {earlier.as_of} for {earlier.jurisdiction}")
    for name in ("knowledge_version", "knowledge_digest", "fact_digest", "answer_digest"):
        then, today = getattr(earlier, name), getattr(now, name)
        print(f"{name.replace('_', ' ')}: {f'the same, {then}' if then == today else f'differs, then {then}, now {today}'}")
    sys.exit(0 if now.answer_digest == earlier.answer_digest else 1)


def _report(given: argparse.Namespace) -> None:
    report = feedback_report(_store(), tenant=given.tenant)
    print(strict_json.dump_readable(as_json(report)) + "\n" if given.json else as_text(report), end="")


def _retention(given: argparse.Namespace) -> None:
    days = load_settings().retention_days if given.days is None else given.days
    if not 0 <= days <= 36500:
        raise Refused("the number of days is out of range")
    print(f"{forget_before(_store(), utc_now() - timedelta(days=days))} answers deleted, with their cards and feedback")


def _forget(given: argparse.Namespace) -> None:
    store = _store()
    gone = forget_card(store, given.tenant, given.card) if given.card else forget_tenant(store, given.tenant)
    print(f"{gone} answers deleted, with their cards and feedback")
