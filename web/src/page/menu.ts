/**
 * The button of the page's menu, which is there from the start. The menu itself is loaded when somebody comes near it, and
 * brings a button of its own for that one's place.
 * Knows no action.
 */
import type { Actions } from "../actions"
import type { CodraftMenu } from "../elements/menu"
import { byId } from "./dom"
import { lazily } from "./lazily"

/** Wires the button. */
export function menuButton(actions: Actions) {
  let menu = byId("menu", HTMLElement) as CodraftMenu
  // What is set now is found when it has become a menu.
  menu.actions = actions
  let load = () => import("../elements/menu")
  let withMenu = lazily(load)
  let open = (at?: number) =>
    withMenu(part => {
      // Not before: a button that is another one when the finger is lifted is never clicked.
      part.defineMenu()
      menu.open(at)
    })
  let isFirst = () => !menu.shadowRoot
  menu.addEventListener("pointerenter", () => load().catch(() => {}), { once: true })
  menu.addEventListener("mousedown", event => isFirst() && event.preventDefault())
  menu.addEventListener("click", () => isFirst() && open())
  menu.addEventListener("keydown", event => {
    if (!isFirst() || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return
    event.preventDefault()
    open(event.key === "ArrowDown" ? 0 : -1)
  })
}
