/**
 * `codraft-presence`: who is here, beside an editor or alone.
 * Knows its look; the faces are `faces.ts`'s.
 */
import { sheetOf } from "./base"
import { Shell } from "./shell"
import { tokens } from "./tokens"

/**
 * Faces of everybody who has the document open. A click on one shows where they write; in the list they can be followed.
 *
 * @tag codraft-presence
 * @attr {string} for - The id of the editor; without it the one that it stands in.
 */
export class CodraftPresence extends Shell {
  protected override look = look
  protected override load = async () => (await import("./faces")).showFaces
}

const look = sheetOf(
  () => `
:host { ${tokens} display: block; color: var(--ink); font-family: var(--ui); }
:host([hidden]) { display: none; }
`,
)
