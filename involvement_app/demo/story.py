"""What the charity did, is doing and plans. `first` is the day of the first session, counted from today;
the state follows from it, unless `stop` says where it rests."""

from dataclasses import dataclass

THEME = "Co-production week"
# level → why the charity did not aim higher
BELOW_CO_DESIGN = {
	"Consultation": "The draft is there already: we ask before it is decided.",
	"Engagement": "The subject is given; what is said decides what comes next.",
}
NEEDS = [
	{"criterion": "You have used one of our services"},
	{"criterion": "You like working in a small group"},
	{"criterion": "You have done something like it before", "essential": 0},
]

CO_DESIGN_AND_UP = ("Co-design", "Co-production")
# (participant, what they say, in which words) to a plan; None: they have not answered yet
REVIEWERS_ANSWERED = ((1, "Yes", None),)
REVIEWERS_WAITED_FOR = (
	(0, None, None),
	(6, "Ask for changes", "Please say who has the key when it rains."),
	(2, "No thank you", None),
)


# Where in the organisation; what is not here was not said, as on every real site.
WHERE = {
	"Co-production group": "Service",
	"Forum": "Service",
	"Policy review": "Senior management",
	"Recruitment panel": "Team",
	"Team or board meeting": "Board",
	"Training": "Team",
}


@dataclass(frozen=True)
class Story:
	title: str
	kind: str
	level: str
	unit: str
	first: int
	purpose: str
	can_change: str
	cannot_change: str
	doing: str
	sessions: int = 1
	every: int = 7
	hours: float = 2
	preparation: float = 0
	places: int = 4
	rate: str = "Involvement rate, hourly"
	mode: str = "First come"
	online: int = 0
	in_person: int = 1
	visibility: str = "Public"
	stop: str = ""
	yes: int = 3  # how many accept
	more: int = 3  # how many more ask
	invited: int = 0  # how many are asked by us
	called_off: int | None = None  # the number of a date that does not go ahead
	moved: int | None = None  # the number of one that is a week later


STORIES = (
	Story(
		"A welcome leaflet people want to read",
		"Communications review",
		"Consultation",
		"Otterford Hub",
		-150,
		"New people say our leaflet is hard to follow.",
		"Words, pictures, order.",
		"Opening hours and the address.",
		"Read two drafts and tell us what you think.",
		hours=1.5,
		online=1,
	),
	Story(
		"Choosing the new team leader",
		"Recruitment panel",
		"Co-production",
		"Whitmere House",
		-120,
		"To choose somebody who listens.",
		"The questions, the scores, who is appointed.",
		"The pay of the post.",
		"Write questions, meet three candidates, score and decide together.",
		hours=6,
		preparation=2,
		places=3,
		rate="Panel day",
		mode="Criteria",
	),
	Story(
		"Spring forum",
		"Forum",
		"Engagement",
		"Whitmere House",
		-95,
		"To hear what should change on the unit.",
		"Meals, activities, visiting times.",
		"Legal duties of the unit.",
		"Meet, talk, agree what to raise.",
		sessions=3,
		every=28,
		places=8,
		yes=6,
		rate="Thank-you per session",
	),
	Story(
		"Phone calls that feel human",
		"Mystery shopping",
		"Engagement",
		"North Towns Team",
		-70,
		"To find out how our phone line feels.",
		"What staff say and how long people wait.",
		"The phone number.",
		"Make three calls and write down how it went.",
		hours=3,
		places=4,
		online=1,
		in_person=0,
	),
	Story(
		"Plan the summer open day",
		"Co-production group",
		"Co-production",
		"Otterford Hub",
		-40,
		"To plan a day people would come to.",
		"Everything but the date.",
		"The date and the budget.",
		"Meet every week and plan together.",
		sessions=4,
		preparation=2,
		places=6,
		yes=5,
		called_off=2,
	),
	Story(
		"A safer complaints policy",
		"Policy review",
		"Co-design",
		"Riverside",
		-12,
		"Complaints should not cost people anything.",
		"Steps, words, deadlines.",
		"What the law asks.",
		"Read the draft, meet three times, agree changes.",
		sessions=3,
		places=10,
		yes=10,
		preparation=1,
		moved=2,
	),
	Story(
		"Board meeting: a seat at the table",
		"Team or board meeting",
		"Engagement",
		"Riverside",
		4,
		"Trustees should hear from people who use services.",
		"What the board discusses first.",
		"Confidential staff matters.",
		"Read the papers with support, come to the meeting.",
		hours=3,
		preparation=2,
		places=2,
		yes=2,
	),
	Story(
		"What would make evenings better?",
		"Survey",
		"Consultation",
		"Young People's Team",
		18,
		"To plan evenings that young people choose.",
		"What is on and when.",
		"The building.",
		"Answer ten questions online or on paper.",
		hours=0.5,
		places=30,
		mode="Everyone",
		online=1,
		rate="No payment",
		yes=4,
	),
	Story(
		"Speak at the county conference",
		"Ambassador",
		"Engagement",
		"Otterford Hub",
		24,
		"Funders should hear it from people themselves.",
		"What you say and how.",
		"The date.",
		"Prepare with us, speak for ten minutes, answer questions if you like.",
		hours=4,
		preparation=3,
		places=2,
		rate="Panel day",
		mode="Criteria",
		yes=1,
		more=4,
	),
	Story(
		"Autumn forum",
		"Forum",
		"Engagement",
		"North Towns Team",
		30,
		"To hear what should change this winter.",
		"Activities, transport, opening hours.",
		"The budget for the year.",
		"Meet, talk, agree what to raise.",
		sessions=3,
		every=14,
		places=8,
		yes=3,
		more=3,
		rate="Thank-you per session",
		online=1,
	),
	Story(
		"Train new staff with us",
		"Training",
		"Co-design",
		"Whitmere House",
		33,
		"New staff should learn from people, not only from slides.",
		"The whole morning programme.",
		"Who is trained.",
		"Plan a morning and lead part of it.",
		hours=4,
		preparation=2,
		places=3,
		visibility="Registered",
		yes=1,
		invited=5,
	),
	Story(
		"A website that answers questions",
		"Communications review",
		"Co-design",
		"Otterford Hub",
		40,
		"People cannot find what they need.",
		"Menus, words, pictures.",
		"The web address.",
		"Try tasks on the website and say what gets in the way.",
		online=1,
		stop="Approved",
	),
	Story(
		"Garden at Whitmere House",
		"Co-production group",
		"Co-production",
		"Whitmere House",
		45,
		"To make a garden people use.",
		"Plants, seats, who looks after it.",
		"The size of the plot.",
		"Design it, plant it, look after it together.",
		sessions=4,
		places=6,
		stop="Submitted",
	),
	Story(
		"Talk to the press about housing",
		"Ambassador",
		"Engagement",
		"Riverside",
		38,
		"Housing decides how people get on.",
		"What you talk about.",
		"The paper's headline.",
		"An interview with a local reporter, with support.",
		stop="Changes requested",
	),
	Story(
		"New crisis café opening times",
		"Consultation",
		"Consultation",
		"Otterford Hub",
		60,
		"To choose opening times that help.",
		"Days and hours.",
		"The number of staff.",
		"Meet once and choose.",
		stop="Draft",
	),
	Story(
		"Minibus route survey",
		"Survey",
		"Consultation",
		"North Towns Team",
		26,
		"To plan stops people need.",
		"Where it stops.",
		"The number of buses.",
		"Answer six questions.",
		hours=0.5,
		places=20,
		mode="Everyone",
		rate="No payment",
		stop="Cancelled",
		yes=2,
	),
)

NOT_YET = "From next year"
RATES = (  # name, basis, amount, minimum hours, for whom
	("Involvement rate, hourly", "Per hour", 14.5, 1, None),
	("Panel day", "Flat per session", 120, 0, "Panel member"),
	("Thank-you per session", "Flat per session", 25, 0, None),
	("No payment", "No payment", 0, 0, None),
	("Involvement rate, next year", "Per hour", 15.5, 1, NOT_YET),
)
