/**
 * Somebody who reads a text in the preview: how they get there, and where it is.
 * Knows the hooks of the preview, and no text.
 */

/** The preview, as Playwright finds things in it. */
export function read(who) {
  return who.page.locator("codraft-preview")
}

/** Takes one of the views, as it is called on the switch, and waits until it is there. */
export async function openView(who, name) {
  await who.page.locator("codraft-view-switch").getByRole("button", { name, exact: true }).click()
  await who.until(view => document.body.dataset.view === view, name.toLowerCase())
}
