"""Load on a server: a closed loop (wrk when it is there, else Python), and a fixed rate that counts the time in the queue too."""

from __future__ import annotations

import json
import queue
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

CONNECTIONS = 8

_SCRIPT = """
local body, tokens, next_token = io.open("{body}", "rb"):read("*a"), {{}}, 0
for line in io.lines("{tokens}") do tokens[#tokens + 1] = line end
wrk.method, wrk.body, wrk.headers["Content-Type"] = "POST", body, "application/json"
if #tokens > 0 then
  request = function()
    next_token = next_token + 1
    return wrk.format(nil, nil, {{["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. tokens[next_token]}})
  end
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('\\nRESULT {{"calls":%d,"seconds":%f,"failed":%d,"p50":%f,"p95":%f,"p99":%f}}\\n', summary.requests,
    summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one run found; p50, p95 and p99 in milliseconds."""

    calls: int
    seconds: float
    failed: int
    p50: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self.calls / self.seconds

    def as_json(self) -> dict[str, float]:
        return {**asdict(self), "rate": self.rate}


def generator() -> str:
    """What makes the closed loop here."""
    return "wrk" if shutil.which("wrk") else "python"


def closed_loop(url: str, body: bytes, *, seconds: int, tokens: Sequence[str] = ()) -> Load:
    """Eight connections that each call again as soon as they are answered. With `tokens` every call takes the next one: there
    must be enough of them."""
    if generator() == "wrk":
        return _wrk(url, body, seconds, tokens)
    return _in_threads(url, body, tokens, [None] * 1_000_000, until=time.perf_counter() + seconds)


def fixed_rate(url: str, body: bytes, *, per_second: float, seconds: float) -> Load:
    """Calls that are due at even times whether or not earlier ones have been answered; each is timed from when it was due."""
    start = time.perf_counter() + 0.05
    return _in_threads(url, body, (), [start + number / per_second for number in range(int(per_second * seconds))], until=None)


def _wrk(url: str, body: bytes, seconds: int, tokens: Sequence[str]) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        written = {"body": Path(folder, "body"), "tokens": Path(folder, "tokens"), "script": Path(folder, "call.lua")}
        written["body"].write_bytes(body)
        written["tokens"].write_text("".join(f"{token}\n" for token in tokens), encoding="ascii")
        written["script"].write_text(_SCRIPT.format(**written), encoding="ascii")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", str(written["script"]), url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603  # our own command
    return Load(**json.loads(output.split("RESULT ")[1]))


def _in_threads(url: str, body: bytes, tokens: Sequence[str], due: Sequence[float | None], until: float | None) -> Load:
    waiting: queue.SimpleQueue[tuple[int, float | None]] = queue.SimpleQueue()
    taken: list[float] = []
    failed: list[int] = []
    for number, moment in enumerate(due if not tokens else due[: len(tokens)]):
        waiting.put((number, moment))
    began = time.perf_counter()
    path, host, port = urlsplit(url).path, str(urlsplit(url).hostname), urlsplit(url).port

    def work() -> None:
        with urllib3.HTTPConnectionPool(host, port, maxsize=1) as pool:
            while until is None or time.perf_counter() < until:
                try:
                    number, moment = waiting.get_nowait()
                except queue.Empty:
                    return
                if moment is not None:
                    time.sleep(max(0.0, moment - time.perf_counter()))
                start = moment if moment is not None else time.perf_counter()
                headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {tokens[number]}"} if tokens else {})
                status = pool.request("POST", path, body=body, headers=headers).status
                taken.append((time.perf_counter() - start) * 1000)
                if status != 200:
                    failed.append(status)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return Load(
        calls=len(taken), seconds=time.perf_counter() - began, failed=len(failed), p50=cuts[49], p95=cuts[94], p99=cuts[98]
    )
