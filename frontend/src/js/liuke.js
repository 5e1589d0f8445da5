// Progressive enhancement only: every page works as plain links and forms without this file.
import "htmx.org";
import "./requests.js";
import "./toasts.js";
import "./dialogs.js";
import "./forms.js";
import "./lists.js";
import "./dates.js";
import "./menus.js";
import "./clock.js";
import "./shortcuts.js";
import "./extras.js";
