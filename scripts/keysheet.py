"""Write docs/keys.md from the commands of the screens."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from screens.keysheet import sheet  # noqa: E402

if __name__ == "__main__":
    (ROOT / "docs" / "keys.md").write_text(sheet(), encoding="utf-8")
