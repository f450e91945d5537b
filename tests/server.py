"""Narthex as its users start it: `narthex serve` in a process of its own, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

_STARTS_WITHIN = 60.0


@dataclass
class Server:
    """A running server; `url` ends without a slash."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def kill(self) -> None:
        """SIGKILL: no handler of ours runs."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=30)

    def stop(self) -> int:
        """What Ctrl-C does; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


def free_port() -> int:
    """A TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a demo of its own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("NARTHEX_")}
    return {**inherited, "NARTHEX_VAR": str(var), "PORT": str(port), "NARTHEX_DNS": "off", **more}


def start(var: Path, port: int | None = None, **more: str) -> Server:
    """Start and wait until the first page is there."""
    port = port or free_port()
    var.mkdir(parents=True, exist_ok=True)
    log = var / "server.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "narthex", "serve"],
            env=environment(var, port, **more),
            stdout=out,
            stderr=out,
        )
    server = Server(process, f"http://127.0.0.1:{port}", log)
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(f"{server.url}/health/ready", timeout=5).ok:
                return server
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError(f"did not start: {log.read_text()}")


@contextmanager
def serving(var: Path, **more: str) -> Iterator[Server]:
    """A server for as long as the block runs."""
    server = start(var, **more)
    try:
        yield server
    finally:
        server.stop()
