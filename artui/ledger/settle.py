"""A posting whose answer was lost: asked for by its key instead of guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from artui.db.gateway import Gateway
from artui.errors import Unreachable
from artui.ledger.posting import Answer, post, posted
from artui.session import Session


async def settle(gateway: Gateway[Session], key: str) -> Answer | None:
    """Wait for the server and return what became of the document sent under `key`, or None if it never arrived.

    The server has then ended the lost attempt: what is None will not be posted later by itself.
    """
    return await gateway.read(posted, key)


async def send(gateway: Gateway[Session], document: Mapping[str, Any]) -> Answer:
    """Post a document from a screen and return its answer, the lost one asked for by key.

    Raises Unreachable when the server went away and the document never arrived: it may be sent again under the same key.
    Raises what `post` raises.
    """
    try:
        return await gateway.write(post, document)
    except Unreachable as error:
        answer = await settle(gateway, str(document["id"]))
        if answer is None:
            raise Unreachable("The server went away before this was posted.", "Send it again: it is not in the books.") from error
        return answer
