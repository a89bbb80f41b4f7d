/**
 * `codraft-outline`: the headings of the text, beside an editor.
 * Knows its look; the tree is `headings.ts`'s.
 */
import { sheetOf } from "./base"
import { Shell } from "./shell"
import { tokens } from "./tokens"

/**
 * The headings of the text, the one that is being read marked. A click on one goes there.
 *
 * @tag codraft-outline
 * @attr {string} for - The id of the editor; without it the one that it stands in.
 */
export class CodraftOutline extends Shell {
  protected override look = look
  protected override load = async () => (await import("./headings")).showHeadings
}

const look = sheetOf(
  () => `
:host { ${tokens} display: block; color: var(--ink); font-family: var(--ui); }
:host([hidden]) { display: none; }
codraft-headings { position: static; width: auto; height: 100%; border: 0; background: none; box-shadow: none; animation: none; }
`,
)
