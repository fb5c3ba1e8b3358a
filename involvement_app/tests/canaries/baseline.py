"""What the framework tells although nobody should hear it, and we cannot change: baseline.json, reviewed.

Each entry: surface, path, identities, doctype, fields (`*` for all), oracle, versions, reason."""

import json
from fnmatch import fnmatchcase
from pathlib import Path

FILE = Path(__file__).with_name("baseline.json")


def entries() -> list[dict]:
	return json.loads(FILE.read_text())


def explains(entry: dict, hit) -> bool:
	return (
		fnmatchcase(hit.surface, entry["surface"])
		and fnmatchcase(hit.path, entry["path"])
		and hit.identity in entry["identities"]
		and fnmatchcase(hit.canary.doctype, entry["doctype"])
		and any(fnmatchcase(hit.canary.fieldname, name) for name in entry["fields"])
		and hit.oracle == entry["oracle"]
	)


def unexplained(hits) -> set:
	known = entries()
	return {hit for hit in hits if not any(explains(entry, hit) for entry in known)}


def stale(hits) -> list[dict]:
	"""Entries that explain none of `hits`, those of a whole crawl: what they excuse is mended, or was never so."""
	return [entry for entry in entries() if not any(explains(entry, hit) for hit in hits)]
