"""The one way a word leaves this app: `send` writes a row of the outbox (Involvement Message), the job `work` hands
it over. No state change ever waits for, or fails with, a mail server.

A room's templates stand beside its doctypes and are listed under the hook `involvement_messages`; they
become Email Templates that a site may edit. Who a recipient is, and how they want to hear from us,
is answered by the function that the hook `involvement_recipients` names for their doctype.

dispatcher.py puts a message into the outbox · outbox.py delivers, follows and keeps it · channels/ the ways out ·
quiet.py quiet hours · letters.py the letter run · neutral.py words that tell · desk.py what the list asks for
"""

from involvement_app.messages.dispatcher import Recipient, send
from involvement_app.messages.outbox import flush, forget_texts, work
from involvement_app.messages.templates import Template, install_templates, remove_templates

__all__ = [
	"Recipient",
	"Template",
	"flush",
	"forget_texts",
	"install_templates",
	"remove_templates",
	"send",
	"work",
]
