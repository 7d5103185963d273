"""Writes `samples/`: per situation the request, what it is about and, with `--responses`, what the service answers.

Run from the repository: `python -m tests.support.write_samples [--responses]`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.support.dialects.page import Json
from tests.support.samples import AS_OF, SAMPLES, Sample

SAMPLES_FOLDER = Path(__file__).parents[2] / "samples"


def pretty(value: object) -> str:
    """JSON as the samples hold it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # strings, numbers, booleans and lists of them are the same in TOML


def about(sample: Sample) -> str:
    """The `about.toml` of a sample. `absent` lists the members of the answer that must not be there."""
    lines = [
        f"title = {_toml(sample.title)}",
        f"says = {_toml(sample.says)}",
        f'as-of = "{AS_OF}"',
        f"jurisdiction = {_toml(sample.jurisdiction)}",
        f"dialect = {_toml(sample.dialect)}",
        "",
        "[expect]",
    ]
    lines += [f"{key} = {_toml(value)}" for key, value in sample.expect.items() if value is not None]
    absent = [key for key, value in sample.expect.items() if value is None]
    lines += [f"absent = {_toml(absent)}"] if absent else []
    return "\n".join(lines) + "\n"


def comparable(response: Json) -> Json:
    """The response without what differs by design: the uuids of cards and suggestions from call to call, the digest of the
    knowledge with every edit of it."""

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: f"({key})" if key in {"uuid", "digest"} else replaced(inner) for key, inner in value.items()}
        return [replaced(inner) for inner in value] if isinstance(value, list) else value

    return replaced(response)  # type: ignore[no-any-return]  # parsed JSON


def main(arguments: list[str]) -> None:
    for sample in SAMPLES:
        folder = SAMPLES_FOLDER / sample.name
        folder.mkdir(parents=True, exist_ok=True)
        request = sample.request()
        (folder / "request.json").write_text(pretty(request), encoding="utf-8")
        (folder / "about.toml").write_text(about(sample), encoding="utf-8")
        if "--responses" in arguments:
            from tests.support.service import answer

            response = comparable(answer(request, AS_OF, jurisdiction=sample.jurisdiction))
            (folder / "response.json").write_text(pretty(response), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
