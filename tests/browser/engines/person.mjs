/**
 * Somebody at a browser that is not Chromium: what they do at the keyboard, and what they see.
 * Knows neither the browser nor how it is driven: whoever is this gives `go`, `reload`, `run`, `type` and `strike`.
 */
import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"

export const WITNESS = await readFile(new URL("../support/witness.js", import.meta.url), "utf8")
export const PATIENCE_MS = 40_000

export class Person {
  async open(server, name) {
    await this.go(server.page(name))
    await this.says("saved")
  }

  /** Strikes keys, as in `Control+b`. */
  async press(...strokes) {
    for (let stroke of strokes) await this.strike(stroke.split("+"))
  }

  /** Waits until the editor's text is exactly this. */
  reads(expected) {
    return this.until(expected => window.witness.text() === expected, expected)
  }

  /** Waits until the status line is in this state, counting from everything done before. */
  async says(state) {
    await this.run(() => window.witness.frame())
    await this.until(state => window.witness.state() === state, state)
  }

  /** Waits until `condition`, which runs in the page, holds; `argument` is anything that JSON knows. */
  async until(condition, argument = null) {
    // The drivers' own waiting makes a function of a text, which the pages forbid.
    let waiting = `new Promise((resolve, reject) => {
      let holds = () => (${condition})(${JSON.stringify(argument)})
      let look = () => {
        try {
          if (holds()) resolve("")
          else if (performance.now() > until) resolve(document.getElementById("status")?.textContent + ": " + window.witness.text())
          else requestAnimationFrame(look)
        } catch (error) {
          reject(error)
        }
      }
      let until = performance.now() + ${PATIENCE_MS}
      look()
    })`
    assert.equal(await this.run(waiting), "", `in vain: ${condition} with ${JSON.stringify(argument)}`)
  }
}
