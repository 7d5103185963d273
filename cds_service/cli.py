"""The command `myeloma-cds`: serve, evaluate one file, explain a configuration.

What cannot be done ends with status 2 and one line on stderr.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from threading import Event
from typing import Never

from cds_service import strict_json
from cds_service.addresses import is_loopback
from cds_service.app import create_app, local_day
from cds_service.chart_file import Refused, judge_file
from cds_service.knowledge.loader import KnowledgeError, load_knowledge
from cds_service.knowledge_commands import add_knowledge_commands
from cds_service.log_sink import LogSink
from cds_service.memory_commands import add_memory_commands
from cds_service.metrics import Metrics, shared_between_workers
from cds_service.server import Server
from cds_service.service_definition import CallContext, Caller
from cds_service.services import SERVICES, rrmm_regimen
from cds_service.settings import Profile, Settings, SettingsRefused, load_settings
from cds_service.telemetry import write_logs
from cds_service.tenants import load_tenants
from cds_service.text_report import text_report
from fhir_mappings.terminology import drug_table

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
SPARE_THREADS = 4  # beside the calls in hand: health, discovery, and the answer that there is no room


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Never:
        raise Refused(message)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; the status is the process's."""
    try:
        given = _parser().parse_args(arguments)
        given.run(given)
    except (Refused, SettingsRefused, KnowledgeError) as refused:
        sys.stderr.write(f"myeloma-cds: {refused}\n")
        sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="myeloma-cds", description="CDS Hooks service for relapsed or refractory multiple myeloma.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    serve = commands.add_parser("serve", help="answer CDS Hooks calls")
    serve.add_argument("--host", default=DEFAULT_HOST, help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=DEFAULT_PORT, help="port to listen on (default: %(default)s)")
    serve.add_argument("--profile", choices=[profile.value for profile in Profile], help="demo (default) or production")
    serve.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    serve.set_defaults(run=_serve)
    evaluate = commands.add_parser("evaluate", help="judge one chart and print the cards")
    evaluate.add_argument("file", type=Path, metavar="FILE", help="a patient-view request, or a Bundle of one patient")
    evaluate.add_argument("--json", action="store_true", help="print the response body instead of text")
    evaluate.set_defaults(run=_evaluate)
    check = commands.add_parser("check-config", help="say what a configuration will accept, or why it is refused")
    check.add_argument("--profile", choices=[profile.value for profile in Profile], help="demo (default) or production")
    check.add_argument("--tenants", type=Path, metavar="FILE", help="the file that names the callers")
    check.add_argument("--base-url", metavar="URL", help="the public base URL of the service")
    check.set_defaults(run=_check_config)
    add_memory_commands(commands)
    add_knowledge_commands(commands, today=local_day())
    for command in (serve, evaluate, check):
        command.add_argument("--as-of", type=_day, metavar="YYYY-MM-DD", help="judge charts on this day (demo profile only)")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or not int(text) < 2**16:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return int(text)


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise argparse.ArgumentTypeError("a day is written YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("there is no such day") from None


def _serve(given: argparse.Namespace) -> None:
    settings = load_settings(profile=given.profile, as_of=given.as_of)
    if settings.profile is Profile.DEMO and not is_loopback(given.host):
        raise Refused("the demo profile asks no one who they are, so it listens on this machine only: use a loopback address")
    if given.workers < 1:
        raise Refused("there must be at least one worker")
    here = f"http://[{given.host}]:{given.port}" if ":" in given.host else f"http://{given.host}:{given.port}"
    with shared_between_workers() as worker_ended:
        metrics, stopping = Metrics(), Event()
        sink = LogSink(sys.stderr, on_drop=metrics.log_lines_dropped.inc)
        write_logs(sink, logging.getLevelNamesMapping()[settings.logs_from.upper()])
        app = create_app(_reachable_at(here, settings), metrics=metrics, stopping=stopping)
        print(f"myeloma-cds listens on {here}/cds-services ({settings.profile.value})", flush=True)
        Server(
            app,
            host=given.host,
            port=given.port,
            workers=given.workers,
            threads=settings.max_in_flight + SPARE_THREADS,
            stopping=stopping,
            worker_ended=worker_ended,
        ).run()


def _check_config(given: argparse.Namespace) -> None:
    from cds_service.configuration_report import configuration_report  # noqa: PLC0415  # cryptography: a demo starts without it
    from cds_service.token_authentication import check_keys  # noqa: PLC0415  # the same

    settings = load_settings(profile=given.profile, tenants=given.tenants, base_url=given.base_url, as_of=given.as_of)
    settings = _reachable_at(f"http://{DEFAULT_HOST}:{DEFAULT_PORT}", settings)
    tenants = load_tenants(settings.tenants, settings.profile) if settings.tenants else ()
    check_keys(tenants)
    print(configuration_report(settings, tenants, service_ids=[service.id for service in SERVICES]), end="")


def _reachable_at(address: str, settings: Settings) -> Settings:
    """In the demo the address on which the service listens is its public one: for tokens, and for the links on cards."""
    known = settings.base_url is not None or settings.profile is not Profile.DEMO
    return settings if known else settings.model_copy(update={"base_url": address})


def _evaluate(given: argparse.Namespace) -> None:
    settings = load_settings(as_of=given.as_of)
    context = _context(settings)
    judged = judge_file(given.file, context)
    response = rrmm_regimen.response_of(judged.evaluation, judged.call, context)
    print(strict_json.dump_readable(response) if given.json else text_report(response["cards"], judged.evaluation), end="")
    if given.json:
        print()


def _context(settings: Settings) -> CallContext:
    return CallContext(
        knowledge=load_knowledge(drug_table()),
        caller=Caller(tenant="command-line", jurisdiction=settings.jurisdiction),
        as_of=settings.as_of or local_day(),
        base_url=settings.base_url,
    )
