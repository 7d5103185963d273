"""The commands `myeloma-cds knowledge lint | show | diff | export`: the knowledge base as its reviewers handle it."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from cds_service import knowledge_cli


def add_knowledge_commands(commands: argparse._SubParsersAction[Any], *, today: date) -> None:
    """Put the group `knowledge` among the commands. `today` is the day on which reviews may have expired."""
    group = commands.add_parser("knowledge", help="check, show, compare or export the knowledge base")
    actions = group.add_subparsers(required=True, metavar="ACTION")
    lint = actions.add_parser("lint", help="check the files against each other; status 1 when something is wrong")
    lint.set_defaults(run=lambda given: _lint(given.folder, today))
    show = actions.add_parser("show", help="the whole knowledge as one page")
    show.set_defaults(run=lambda given: print(knowledge_cli.show(given.folder), end=""))
    export = actions.add_parser("export", help="the knowledge as FHIR PlanDefinition, ActivityDefinition and Library")
    export.set_defaults(run=lambda given: print(knowledge_cli.export(given.folder)))
    for action in (lint, show, export):
        action.add_argument("--folder", type=Path, help="a folder of knowledge files (default: the packaged one)")
    diff = actions.add_parser("diff", help="the cards of sample charts that two versions write differently")
    diff.add_argument("old", type=Path, metavar="OLD", help="a folder of knowledge files")
    diff.add_argument("new", type=Path, metavar="NEW", nargs="?", help="another one (default: the packaged one)")
    diff.add_argument("--samples", type=Path, default=Path("samples"), help="folder of sample charts (default: %(default)s)")
    diff.set_defaults(run=_diff)


def _lint(folder: Path | None, today: date) -> None:
    faults = knowledge_cli.lint(folder, as_of=today)
    print("\n".join(faults) if faults else "The knowledge is sound.")
    sys.exit(1 if faults else 0)


def _diff(given: argparse.Namespace) -> None:
    for line in knowledge_cli.diff(given.old, given.new, knowledge_cli.sample_charts(given.samples)):
        print(line)
