"""What becomes of a message (domain 4.10): the states of the outbox's rows and every step between them.

The same declaration as any lifecycle's, and the same page of the documentation is made from it. It is not under the
hook `involvement_lifecycles`, because these rows are never saved as documents: nobody holds a right to write them,
the job moves them one UPDATE each, people move many at once (`outbox.take`). Both look here whether there is such a
step; the controller refuses a state that is written into the document."""

from involvement_app.lifecycle import Lifecycle, State, Transition

# a coordinator or manager, on the rows that the outbox's criterion shows them (`messages/desk.py`)
CARER = "looks after the outbox"

LIFECYCLE = Lifecycle(
	doctype="Involvement Message",
	states=(
		State("Waiting", colour="Orange"),
		State("Handed over", colour="Blue"),
		State("Printed", colour="Blue"),
		State("Sent", colour="Green"),
		State("Not sent", colour="Red"),
		State("Cancelled", colour="Gray"),
	),
	transitions=(
		Transition("Hand over", ("Waiting",), "Handed over", job=True),
		Transition("Arrive", ("Waiting", "Handed over"), "Sent", job=True),
		Transition("Give up", ("Waiting", "Handed over"), "Not sent", job=True),
		Transition("Take the link back", ("Handed over",), "Waiting", job=True),
		Transition("Call off", ("Waiting",), "Cancelled", job=True),
		Transition("Print letters", ("Waiting",), "Printed", relations=(CARER,)),
		Transition("Try again", ("Not sent", "Cancelled"), "Waiting", relations=(CARER,)),
		Transition("Cancel", ("Waiting", "Printed", "Not sent"), "Cancelled", relations=(CARER,)),
		Transition("Mark as told", ("Waiting", "Not sent"), "Sent", relations=(CARER,)),
		Transition("Mark as posted", ("Printed",), "Sent", relations=(CARER,)),
		Transition("Not posted yet", ("Sent",), "Printed", relations=(CARER,)),
		Transition("Back to waiting", ("Printed",), "Waiting", relations=(CARER,)),
		Transition("It came back", ("Sent",), "Not sent", relations=(CARER,)),
	),
)


def moves(source: str, to: str) -> bool:
	"""Whether the job may take a row from `source` to `to`."""
	return source == to or any(step.job for step in LIFECYCLE.between(source, to))
