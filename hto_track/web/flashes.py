"""What is said after something was done: a bar that stays until the next page, with a way back where there is one."""

from typing import Any

from flask import flash


def say_done(text: Any, *, undo_url: str | None = None) -> None:
    """``text`` on the next page, with a button that POSTs to ``undo_url`` when what was done can be undone."""
    flash({"text": str(text), "undo_url": undo_url}, "done")


def say_refused(text: Any) -> None:
    """``text`` on the next page, as something that could not be done."""
    flash({"text": str(text), "undo_url": None}, "refused")
