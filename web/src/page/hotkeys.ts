/**
 * Keys that work wherever the focus is on the page.
 * Knows no action: whoever binds a key says what it does.
 */
import { isMac } from "./key-names"

/** A key as CodeMirror writes it; `run` returns whether it was for it. */
export interface Hotkey {
  readonly keys: string
  run(event: KeyboardEvent): boolean
}

/** Binds keys until the page goes. They are heard before the text is. */
export function bindKeys(hotkeys: readonly Hotkey[]) {
  window.addEventListener(
    "keydown",
    event => {
      if (event.isComposing || event.defaultPrevented || isInDialog(event)) return
      let isDone = hotkeys.some(({ keys, run }) => isPressed(keys, event) && run(event))
      if (!isDone) return
      event.preventDefault()
      event.stopPropagation()
    },
    { capture: true },
  )
}

/** Whether these keys, and no others, are pressed. What a key types is what counts: `?` is somewhere else everywhere. */
export function isPressed(keys: string, event: KeyboardEvent, mac: boolean = isMac): boolean {
  let parts = keys.split(/-(?!$)/)
  let key = parts.pop() ?? ""
  let isHeld = (name: string) => parts.includes(name)
  let ctrl = isHeld("Ctrl") || (!mac && isHeld("Mod"))
  let meta = isHeld("Meta") || (mac && isHeld("Mod"))
  if (event.ctrlKey !== ctrl || event.metaKey !== meta || event.altKey !== isHeld("Alt")) return false
  let isSign = key.length === 1 && !/[a-z0-9]/i.test(key)
  if (!isSign && event.shiftKey !== isHeld("Shift")) return false
  return event.key.toLowerCase() === key.toLowerCase()
}

/** Whether what is typed goes into something, wherever in the shadows that is. */
export function isTyping(event: Event): boolean {
  return event.composedPath().some(node => node instanceof HTMLElement && takesText(node))
}

/** A dialog in front of the page has the keys to itself. */
function isInDialog(event: Event): boolean {
  return event.composedPath().some(node => node instanceof HTMLDialogElement && node.matches(":modal"))
}

function takesText(element: HTMLElement): boolean {
  return element.isContentEditable || element.matches("input, textarea, select")
}
