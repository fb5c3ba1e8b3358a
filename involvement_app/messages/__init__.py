"""The one way a word leaves this app: `send` writes a row of the outbox (Involvement Message), `flush`
delivers. No state change ever waits for, or fails with, a mail server.

A room's templates stand beside its doctypes and are listed under the hook `involvement_messages`; they
become Email Templates that a site may edit. Who a recipient is, and how they want to hear from us,
is answered by the function that the hook `involvement_recipients` names for their doctype.
"""

from involvement_app.messages.dispatcher import Recipient, flush, send
from involvement_app.messages.templates import Template, install_templates, remove_templates

__all__ = ["Recipient", "Template", "flush", "install_templates", "remove_templates", "send"]
