"""`artui post`: documents from a file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from artui.cli.common import add_command, emit_json, emit_table, session
from artui.errors import BadInput
from artui.text import safe


def register(commands: Any) -> None:
    """Add the command."""
    parser = add_command(commands, "post", "post documents from a JSON list", formats=("json", "table"))
    parser.add_argument("file", type=Path, help="the list, or - for standard input")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and keep nothing")
    parser.add_argument("--atomic", action="store_true", help="all or nothing")
    parser.add_argument("--currency", metavar="CUR", help="the currency of documents that name none")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Post each document; exit 1 when any was refused."""
    from artui.ledger.posting import post_all

    documents = read_documents(arguments.file)
    if arguments.currency:
        documents = [
            {"currency": arguments.currency, **each}
            if isinstance(each, dict) and each.get("kind") not in ("allocation", "unallocation", "reversal")
            else each
            for each in documents
        ]
    with session(arguments) as opened:
        answers = post_all(opened, documents, atomic=arguments.atomic, dry_run=arguments.dry_run)
        if not arguments.dry_run:
            opened.query("SELECT api.seal()")
    rows = [answer.as_json() for answer in answers]
    if arguments.format == "json":
        emit_json(arguments, {"results": rows, "dry_run": arguments.dry_run})
    else:
        emit_table(
            arguments,
            [{key: "" if value is None else safe(str(value)) for key, value in row.items()} for row in rows],
            [(name, "left") for name in ("kind", "status", "document", "code", "message")],
        )
    refused = [answer for answer in answers if answer.status == "refused"]
    if refused:
        print(
            f"artui: {len(refused)} of {len(answers)} documents were refused; the first: {safe(refused[0].message or '')}",
            file=sys.stderr,
        )
    return 1 if refused else 0


def read_documents(path: Path) -> list[Any]:
    """Read the list. Raises BadInput when the file is missing or is not a JSON list."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
        documents = json.loads(text, parse_float=str)  # an amount written as a number keeps its digits
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.",
            "Give a JSON file in UTF-8.",
        ) from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadInput(f"{path} is not JSON: {error}.", "Give a list of documents.") from None
    if isinstance(documents, dict):
        documents = documents.get("documents", [documents])
    if not isinstance(documents, list):
        raise BadInput(
            f"{path} holds no list of documents.", 'Write [{"id": "...", "kind": "invoice", ...}].'
        )
    return documents
