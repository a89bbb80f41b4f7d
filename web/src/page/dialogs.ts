/**
 * Opens the dialogs of the workplace that need nothing but to be shown.
 * Is loaded when somebody asks for one.
 */
import type { Actions } from "../actions"
import { CodraftAbout } from "../elements/about"
import { CodraftSettings } from "../elements/settings"
import { CodraftShortcuts } from "../elements/shortcuts"

/** How somebody likes to work. */
export function openSettings() {
  new CodraftSettings().show()
}

/** Which keys do what. */
export function openShortcuts(actions: Actions) {
  let sheet = new CodraftShortcuts()
  sheet.actions = actions
  sheet.show()
}

/** What this is. */
export function openAbout() {
  new CodraftAbout().show()
}
