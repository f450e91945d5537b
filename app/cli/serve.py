"""`narthex serve` and `narthex worker`."""

import logging
import signal
import sys
from types import FrameType

import click
import waitress

from app import wiring
from app.application import build
from app.cli import common
from app.cli.demo import fill_demo
from app.config import Settings
from app.delivery.worker import Worker
from app.logs import write_logs
from app.runner.house import House
from app.runner.sweep import sweep
from app.store import inbox

_THREADS = 8
_LARGEST_REQUEST = 8 * 1024 * 1024


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@click.command()
def serve() -> None:
    """Serve the wizards; in the demo also load its registers, publish its flows and deliver its messages."""
    settings = common.settings()
    write_logs(settings.log_level)
    house = common.house(settings)
    if settings.demo:
        fill_demo(house, settings.home / "workflows")
    app = build(settings, house)
    worker = _worker(settings, house) if settings.delivery == "inside" else None
    for each in (signal.SIGTERM, signal.SIGINT):  # a shell's background job begins with SIGINT ignored
        signal.signal(each, _stop)
    server = waitress.create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=_THREADS,
        ident=None,
        max_request_body_size=_LARGEST_REQUEST,
        channel_timeout=30,
    )
    if worker:
        worker.start()
    port = getattr(server, "effective_port", settings.port)
    click.echo(f"Narthex is at {settings.base_url or f'http://{settings.host}:{port}'}/ (Ctrl-C stops it)")
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        _close(settings, house, worker)


def _close(settings: Settings, house: House, worker: Worker | None) -> None:
    if worker:
        worker.stop()
    if settings.demo:
        with house.database.write() as connection:
            inbox.purge(connection, house.clock())
    house.database.close()
    click.echo("Narthex has stopped.")


@click.command()
def worker() -> None:
    """Deliver messages and let time pass (expiry, erasure), until stopped."""
    settings = common.settings()
    write_logs(settings.log_level)
    house = common.house(settings)
    running = _worker(settings, house)
    signal.signal(signal.SIGTERM, lambda *_: running.finish())
    signal.signal(signal.SIGINT, lambda *_: running.finish())
    click.echo("Delivering (Ctrl-C stops it)")
    sys.stdout.flush()
    running.run()
    house.database.close()


def _worker(settings: Settings, house: House) -> Worker:
    logging.getLogger(__name__).info("delivery opens", extra={"sms": settings.sms, "mail": settings.mail})
    return Worker(wiring.open_post(settings, house), lambda: sweep(house))
