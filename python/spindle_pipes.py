"""What a program that Spindle runs for an asset needs: its context, and the messages that it sends. Copy this file; it needs Python alone."""

import json
import os

with open(os.environ["SPINDLE_CONTEXT"], encoding="utf-8") as file:
    context = json.load(file)

_messages = os.fdopen(int(os.environ["SPINDLE_MESSAGES_FD"]), "w", encoding="utf-8")


def _send(type, **values):
    _messages.write(json.dumps({"type": type, **values}) + "\n")
    _messages.flush()


def log(message, **fields):
    _send("log", message=message, fields=fields)


def metadata(**values):
    _send("metadata", values=values)


def progress(done, total=None):
    _send("progress", done=done, **({} if total is None else {"total": total}))


def rows(rows):
    """Sends a list of rows: waits while the store is busy. Send them in batches of some thousands."""
    _send("rows", rows=rows)


def result(value):
    _send("result", value=value)


def fail(message, transient=False):
    """Ends the program. What is transient is tried again, as often as the asset says."""
    _send("error", message=message, transient=transient)
    raise SystemExit(1)
