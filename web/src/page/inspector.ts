/**
 * Finds out, while that is in doubt, whether the text is what its document is for.
 * Knows what the server says of the document, and acts on nothing.
 */
import type { Access } from "./access"
import { fieldsOf, type Plan, planFor } from "./fields"

/** How long the text rests before it is looked at once more. */
const REST_MS = 400

/** Looks when told to, as long as it is in doubt; `act` hears what is to be done. */
export function inspector(
  access: Access,
  field: string,
  isInDoubt: () => boolean,
  act: (plan: Plan) => void,
) {
  let timer = 0
  let done = false
  let over = false
  let look = async () => {
    timer = 0
    if (!isInDoubt()) {
      done = true
      return
    }
    let plan = planFor(field, await fieldsOf(access).catch(() => []))
    let first = !done
    done = true
    if (over || (!first && plan.do === "edit")) return
    over = plan.do === "read" || plan.do === "refuse"
    act(plan)
  }
  return {
    /** Whether it is known, as far as it can be now. */
    isDone: () => done,
    /** Looks once more when the text has rested: another app may have come. */
    soon() {
      if (!timer) timer = window.setTimeout(look, done ? REST_MS : 0)
    },
  }
}
