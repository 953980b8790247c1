"""Draw the pictures of the guide: the program's own screens, from the sample company.

python3 scripts/pictures.py [FOLDER]   writes lookup.svg, card.svg and others (default: docs/pictures)
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from screens.app import ArtuiApp

SIZE = (80, 24)
PAYMENT = ["f7", *"c 10005", "enter", *"1057.80", "enter", *"004417"]
STEPS = (
    ("lookup", [*"harbor"]), ("card", ["enter"]), ("contacts", ["3"]), ("document", ["1", "enter"]), ("journal", ["j"]), ("payment", PAYMENT), ("", ["f3", "f3"]),
    ("match", ["f7", *"bank", "enter", "enter", "down", "down"]),
)  # fmt: skip
"""Each picture and the keys that lead to it from the one before; without a name nothing is drawn."""


def main(folder: Path) -> int:
    """Make the sample company when it is not there, and draw its screens into a folder."""
    from artui.config import SAMPLE, load_config
    from artui.sample import company
    from screens.app import ArtuiApp

    config = load_config()
    company.create(config, customers=300, seed=1)
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(ArtuiApp(config, database=SAMPLE), folder))
    return 0


async def draw(app: ArtuiApp, folder: Path) -> None:
    """Walk through the screens and write what each looks like."""
    app.gateway.start()
    try:
        async with app.run_test(size=SIZE) as pilot:
            await app.gateway.opened()
            for name, keys in STEPS:
                await pilot.press(*keys)
                await pilot.pause(0.5)
                if not name:
                    continue
                # without it some viewers drop the blanks that hold the columns apart
                picture = app.export_screenshot(title="artui").replace("<svg ", '<svg xml:space="preserve" ', 1)
                (folder / f"{name}.svg").write_text(picture, encoding="utf-8")
                print(folder / f"{name}.svg")
    finally:
        app.gateway.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"))
