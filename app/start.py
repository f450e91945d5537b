"""Where the command `narthex` begins."""

import gc


def main() -> None:
    """Carry out a command. Looking through what is imported for garbage took a quarter of each start."""
    gc.disable()
    from app.cli import main as narthex  # noqa: PLC0415 - imported without the collector

    gc.freeze()
    gc.enable()
    narthex()
