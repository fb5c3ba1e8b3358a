// Every page works without this. With it, the error summary takes focus, a password can be shown,
// pressing Shift three times leaves the site, and who is about to be signed out is told.
import {
	Button,
	ErrorSummary,
	ExitThisPage,
	NotificationBanner,
	PasswordInput,
	SkipLink,
	createAll,
} from "govuk-frontend";
import { Draft, forgetDrafts } from "./portal/keep_draft";
import { SessionTimeout } from "./portal/timeout";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
	document.body.classList.add("govuk-frontend-supported");
}

for (const component of [ErrorSummary, ExitThisPage, NotificationBanner, PasswordInput, SkipLink]) {
	createAll(component);
}
createAll(Button, { preventDoubleClick: true });

for (const button of document.querySelectorAll("[data-print]")) {
	button.hidden = false;
	button.addEventListener("click", () => window.print());
}

for (const section of document.querySelectorAll('[data-module="portal-timeout"]')) {
	new SessionTimeout(section);
}

for (const told of document.querySelectorAll("[data-forget-drafts]")) {
	forgetDrafts(told.dataset.forgetDrafts);
}
for (const form of document.querySelectorAll("[data-keep-draft]")) {
	new Draft(form);
}
for (const form of document.querySelectorAll('form[action="/take-part/sign-out"]')) {
	form.addEventListener("submit", () => forgetDrafts());
}
for (const link of document.querySelectorAll(".govuk-exit-this-page__button")) {
	link.addEventListener("click", () => forgetDrafts());
}
