"""Finds a Chromium for the tests, or installs one: from the system's packages, else by Playwright.

Says clearly if neither can be had.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def installed() -> str | None:
    """Path of a Chromium of the system, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def downloaded() -> bool:
    """Whether Playwright has a Chromium of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def main() -> int:
    """Give 0 if there is a browser in the end."""
    if installed() or downloaded():
        return 0
    print("Installing Chromium for the browser tests", flush=True)
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
            check=False,
            stdout=subprocess.DEVNULL,
        )
    if not installed():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if installed() or downloaded():
        return 0
    print(
        "No Chromium could be found or installed, and the browser tests need one.\n"
        "On Debian and Ubuntu: sudo apt install chromium. Elsewhere: .venv/bin/python -m playwright install chromium",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
