"""Where the tests find things: the repository, the fixtures, and the publishers' own files.

REAL_DATA: a folder of published files that are not in the repository. TRACKER_REAL_DATA names another one;
tests that need a file of it are skipped where the file is missing, and say so.
"""

import os
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
DATA = ROOT / "data"
FIXTURES = TESTS / "fixtures"
REAL_DATA = Path(os.environ.get("TRACKER_REAL_DATA") or ROOT.parent / "shared" / "data" / "real").resolve()
