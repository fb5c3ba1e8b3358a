"""Chromium as the tests start it, and the pictures they keep of what it shows."""

import os
from pathlib import Path

from involvement_app.tests.compat import DEEP

CHROMIUM = os.environ.get("CHROMIUM")
URL = os.environ.get("INVOLVEMENT_TEST_URL")
AXE = os.environ.get("INVOLVEMENT_AXE")
ARTEFACTS = os.environ.get("INVOLVEMENT_ARTEFACTS")
# A whole page as a picture takes as long as the page itself: in dev/deep, or where somebody asks for them.
PICTURES = bool(ARTEFACTS) and (DEEP or os.environ.get("INVOLVEMENT_PICTURES") == "1")
# It draws in software either way, and asks nobody on the internet how it should behave.
ARGUMENTS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--no-first-run",
)


def launch(playwright):
	return playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))


def picture(page, folder: str, name: str) -> None:
	"""The page from top to bottom, in the folder of artefacts, for people to look at."""
	place = Path(ARTEFACTS, folder)
	place.mkdir(parents=True, exist_ok=True)
	page.screenshot(path=place / f"{name}-{page.viewport_size['width']}.png", full_page=True)
