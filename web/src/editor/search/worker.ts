/**
 * Looks for regular expressions in a thread of its own: one that takes for ever can be ended there, and holds up nobody.
 * Knows no view.
 */
import type { Pattern } from "./query"
import { Template } from "./replacement"
import { type Found, type Span, scan } from "./scan"

/** What it is asked. */
export interface Question {
  readonly id: number
  readonly pattern: Pattern
  /** Left out where it is the one of the question before. */
  readonly text?: string | undefined
  readonly scope: Span
  readonly template?: string | undefined
}

/** What it says: that it is at work on a question, or what it has found. */
export interface Answer {
  readonly id: number
  readonly found?: Found
}

/** How often it shows that it is alive. */
const SIGN_MS = 200

let text = ""

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  let { id, pattern, scope, template } = data
  text = data.text ?? text
  let say = (answer: Answer, transfer: Transferable[] = []) => postMessage(answer, { transfer })
  say({ id })
  let since = performance.now()
  let steps = scan({
    pattern: new RegExp(pattern.source, pattern.flags),
    text,
    scope,
    template: template === undefined ? undefined : new Template(template),
  })
  let step = steps.next()
  for (; !step.done; step = steps.next()) {
    if (performance.now() - since < SIGN_MS) continue
    since = performance.now()
    say({ id })
  }
  say({ id, found: step.value }, [step.value.ranges.buffer])
})
