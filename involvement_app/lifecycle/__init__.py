"""States, transitions and guards: one declaration per doctype, one state field (`status`).

A doctype's declaration stands beside it in `lifecycle.py` and is listed under the hook
`involvement_lifecycles`. Its controller inherits `LifecycleDocument`, and from then on every write,
by whatever path, passes `engine.enforce` (architecture law 1).
"""

from involvement_app.lifecycle.declaration import Lifecycle, Move, State, Transition, all_lifecycles, of
from involvement_app.lifecycle.document import LifecycleDocument, RowDocument, ServerManagedDocument
from involvement_app.lifecycle.engine import (
	StepNotPermitted,
	TransitionError,
	actions,
	apply,
	as_job,
	move_many,
	server_side,
)
from involvement_app.lifecycle.retries import retry_on_deadlock

__all__ = [
	"Lifecycle",
	"LifecycleDocument",
	"Move",
	"RowDocument",
	"ServerManagedDocument",
	"State",
	"StepNotPermitted",
	"Transition",
	"TransitionError",
	"actions",
	"all_lifecycles",
	"apply",
	"as_job",
	"move_many",
	"of",
	"retry_on_deadlock",
	"server_side",
]
