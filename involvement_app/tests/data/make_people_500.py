"""Makes people_500.csv, a list as a charity's old system exports it: `python make_people_500.py`. Everybody in it
is invented, the towns too; telephone numbers are from the ranges kept for drama, addresses from example.org.

Semicolons, BOM, Windows line ends, quotes, line breaks inside cells, emoji, right-to-left names, numbers that a
spreadsheet has mangled; 470 sound rows and 30 faulty ones."""

import csv
import random
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
HEADER = [
	"Ref",
	"Forename",
	"Surname",
	"Known as",
	"Pronouns",
	"E-mail",
	"Mobile",
	"Tel",
	"Town",
	"Service",
	"Contact preference",
	"Access needs",
	"Newsletter",
]
TOWNS = ["Otterford", "Abbotsdon", "Banbrook", "Bicesham", "Witherney", "Didham", "Wantley", "Thamebridge"]
SERVICES = ["Wellbeing Hub", "Recovery House", "Talking Space", "Peer Support Team"]
FIRST = (
	"Ada Aisha Alfie Amara Beatriz Bilal Bronagh Callum Chloé Dafydd Delroy Edith Elif Femi Fiona Gareth Grace Hana "
	"Harpreet Imogen Ines Isaac Jamal Jean-Luc Joy Kwame Leila Lorcan Małgorzata Mei Nadia Niamh Olu Padraig Priya "
	"Quentin Rosa Seán Siân Tariq Una Victor Wanjiru Xavier Yusuf Zoë Zsófia Ørjan"
).split()
LAST = (
	"Abara Ashdown Bamber Beaumont Çelik Chowdhury Clegg Dębska Dunmore Eccles Farrant Ferriby Gilhooly Hartnoll "
	"Ivanova Jellicoe Khan Kettleby Lovelace Mwangi Nakamura O'Neill Okafor Patel Pemberton Quigley Rahimi Sandhu "
	"Smith-Jones Thistlewood Udall Vaughan Whitlock Yardley Zieliński d’Arcy"
).split()
RIGHT_TO_LEFT = [
	("ليلى", "حداد"),
	("يوسف", "منصور"),
	("نור", "כהן"),
	("דוד", "לוי"),
	("مریم", "رضایی"),
	("אסתר", "מזרחי"),
]
KNOWN_AS = ["Sunny ☀️", "Bee 🐝", "Jay", "Moss 🌿", "Kit", "Ace 🏳️‍🌈"]
PRONOUNS = ["she/her", "he/him", "they/them", ""]
NEEDS = [
	"Large print; and a chair near the door",
	'I like to be asked, not told. "Take your time" helps',
	"No stairs please\nand somewhere quiet to sit",
	"- hearing loop\r\n- breaks every half hour",
	"Polskie tłumaczenie",
]
SEED = 20260401


def people() -> list[list[str]]:
	dice = random.Random(SEED)
	names = [(first, last) for first in FIRST for last in LAST]
	names = RIGHT_TO_LEFT + dice.sample(names, 500 - len(RIGHT_TO_LEFT))
	mobiles, landlines = dice.sample(range(1000), 400), dice.sample(range(1000), 120)
	rows = [
		_person(dice, number, first, last, mobiles, landlines)
		for number, (first, last) in enumerate(names, 1)
	]
	dice.shuffle(rows)
	_spoil(dice, rows)
	return rows


def _person(dice, number: int, first: str, last: str, mobiles: list[int], landlines: list[int]) -> list[str]:
	email = f"{_plain(first)}.{_plain(last)}.{number}@example.org" if dice.random() < 0.8 else ""
	mobile = _mobile(dice, mobiles.pop()) if dice.random() < 0.7 else ""
	landline = f"01632 960{landlines.pop():03}" if landlines and dice.random() < 0.2 else ""
	known_as = dice.choice(KNOWN_AS) if dice.random() < 0.06 else ""
	preference = dice.choice(["", "", "Email" if email else "Post", "SMS" if mobile else "Letter"])
	return [
		f"OLD-{number:04}",
		first,
		last,
		known_as,
		dice.choice(PRONOUNS),
		email,
		mobile,
		landline,
		dice.choice([*TOWNS, "", TOWNS[0].upper()]),
		dice.choice([*SERVICES, "", f"{SERVICES[0]}, {SERVICES[2]}"]),
		preference,
		dice.choice(NEEDS) if dice.random() < 0.2 else "",
		dice.choice(["Y", "N"]),
	]


def _plain(name: str) -> str:
	folded = unicodedata.normalize("NFKD", name.casefold())
	return "".join(char for char in folded if char.isascii() and char.isalnum()) or "person"


def _mobile(dice, number: int) -> str:
	end = f"900{number:03}"
	return dice.choice(
		[
			f"07700 {end}",
			f"+44 7700 {end}",
			f"07700{end}",
			f"7700{end}",
			f"0044 7700 {end}",
			f"+44 (0)7700 {end}",
		]
	)


def _spoil(dice, rows: list[list[str]]) -> None:
	"""Thirty faults, five of each kind, a plain one and some that are nasty to give back."""
	column = {name: position for position, name in enumerate(HEADER)}
	spoilt = dice.sample(range(20, 500), 30)
	# only rows with an e-mail address can be told to be twice there
	twice = [place for place in spoilt if rows[place - 20][column["E-mail"]] and place - 20 not in spoilt][:5]
	rest = [place for place in spoilt if place not in twice]
	for place in twice:
		original = rows[place - 20]
		rows[place] = [f"{original[0]}-B", *original[1:]]
	bad = {
		"E-mail": ["no", "ask mum", "sam(at)example.org", "a@b", '=HYPERLINK("http://example.org","x")'],
		"Mobile": ["4.47701E+11", "unknown", "12345", "07700 900123 ext 4", "07700 900000 / 07700 900001"],
		"Town": ["Oterford", "London", "+Bambrook", "Nowhere", "@home"],
		"Service": ["Welbeing Hub", "Outreach", "-", "Ward 7", "=1+1"],
	}
	for name, cells in bad.items():
		for cell in cells:
			rows[rest.pop()][column[name]] = cell
	for place in rest:
		for name in ("Forename", "Surname", "Known as"):
			rows[place][column[name]] = "  " if name == "Surname" else ""


def write(path: Path = HERE / "people_500.csv") -> None:
	with path.open("w", encoding="utf-8-sig", newline="") as file:
		csv.writer(file, delimiter=";").writerows([HEADER, *people()])


if __name__ == "__main__":
	write()
