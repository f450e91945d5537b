"""`narthex serve` and `narthex worker`."""

import logging
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from types import FrameType
from typing import IO

import click
import waitress

from app import wiring
from app.application import build
from app.cli import common
from app.cli.alarm import watch_refusals
from app.cli.company import alone, among_others
from app.cli.demo import fill_demo, fill_portals
from app.cli.demo_desk import staff_the_desk
from app.cli.listening import bound, not_to_be_had
from app.config import Settings
from app.delivery.post import Post
from app.delivery.worker import Worker
from app.gate.checker import Checker
from app.importing.uploads import Uploads
from app.logs import write_logs
from app.runner.house import House
from app.runner.second_look import look_again
from app.runner.sweep import sweep
from app.sandbox.sandboxes import delete_old
from app.store import inbox

_THREADS = 8
_LARGEST_REQUEST = 64 * 1024 * 1024  # what is over a form's own limit still gets a page of ours


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@click.command()
def serve() -> None:
    """Serve the wizards; in the demo also load its registers, publish its flows and deliver its messages."""
    settings = common.settings()
    write_logs(settings.log_level)
    with bound(settings.host, settings.port) as sockets, ExitStack() as stack:
        settings = settings.model_copy(update={"port": sockets[0].getsockname()[1]})
        house, desk = common.house(settings), dict[str, str]()
        stack.callback(house.database.close)
        if settings.demo:
            lock = stack.enter_context(among_others(settings.var))
            stack.callback(_empty_inbox, house, lock)
            fill_demo(house, settings.home / "workflows")
            fill_portals(house, settings.home / "workflows")
            desk = staff_the_desk(house, settings.var)
        _serve(settings, house, sockets, desk)
    click.echo("Narthex has stopped.")


def _serve(settings: Settings, house: House, sockets: list[socket.socket], desk: Mapping[str, str]) -> None:
    app = build(settings, house)
    inside: tuple[Worker | Checker, ...] = ()
    if settings.delivery == "inside":
        post = wiring.open_post(settings, house)
        inside = _worker(settings, house, post), Checker(house, settings.home)
        app.extensions["narthex_breakers"] = post.breaker_state
    for each in (signal.SIGTERM, signal.SIGINT):  # a shell's background job begins with SIGINT ignored
        signal.signal(each, _stop)
    try:
        server = waitress.create_server(
            app,
            sockets=sockets,
            threads=_THREADS,
            ident=None,
            max_request_body_size=_LARGEST_REQUEST,
            channel_timeout=30,
        )
    except OSError as problem:
        raise not_to_be_had(settings.host, settings.port, problem) from None
    for duty in inside:
        duty.start()
    here = settings.base_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"Narthex is at {here}/ (Ctrl-C stops it)")
    for name, password in desk.items():
        click.echo(f"The desk is at {here}/desk/ for {name} with the password {password}")
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        for duty in inside:
            duty.stop()


def _empty_inbox(house: House, lock: IO[bytes]) -> None:
    """The demo's messages end with it, unless another process still shows them."""
    if alone(lock):
        with house.database.write() as connection:
            inbox.purge(connection, house.clock())


@click.command()
def worker() -> None:
    """Deliver messages, let time pass, check drafts and publish what was planned, until stopped."""
    settings = common.settings()
    write_logs(settings.log_level)
    house = common.house(settings)
    running = _worker(settings, house, wiring.open_post(settings, house))
    signal.signal(signal.SIGTERM, lambda *_: running.finish())
    signal.signal(signal.SIGINT, lambda *_: running.finish())
    checker = Checker(house, settings.home)
    checker.start()
    click.echo("Delivering (Ctrl-C stops it)")
    sys.stdout.flush()
    running.run()
    checker.stop()
    house.database.close()


def _worker(settings: Settings, house: House, post: Post) -> Worker:
    logging.getLogger(__name__).info("delivery opens", extra={"sms": settings.sms, "mail": settings.mail})
    return Worker(post, lambda: _let_time_pass(settings, house), lambda: look_again(house))


def _let_time_pass(settings: Settings, house: House) -> None:
    with ExitStack() as duties:  # none waits for another to be mended
        duties.callback(sweep, house)
        duties.callback(Uploads(settings.var / "imports").sweep, house.clock())
        duties.callback(delete_old, settings.var / "sandboxes", house.clock())
        watch_refusals(house)
