import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "docs"))

from make_reference import REFERENCE, reference  # noqa: E402 -- docs/ is no package


def test_the_reference_tells_of_every_setting_command_and_error():
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run `make docs`"
