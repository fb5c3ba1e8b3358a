// Every page works without this. With it, the error summary takes focus, a password can be shown,
// and pressing Shift three times leaves the site.
import {
	Button,
	ErrorSummary,
	ExitThisPage,
	NotificationBanner,
	PasswordInput,
	SkipLink,
	createAll,
} from "govuk-frontend";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
	document.body.classList.add("govuk-frontend-supported");
}

for (const component of [ErrorSummary, ExitThisPage, NotificationBanner, PasswordInput, SkipLink]) {
	createAll(component);
}
createAll(Button, { preventDoubleClick: true });
