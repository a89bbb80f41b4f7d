/**
 * What a match of a regular expression is replaced with: `$&`, `$1`, `$<name>`, `$$`, `\n` and `\t` stand for something.
 * Knows no view.
 */

/** A piece of a replacement: words as they are, or what a group has found. */
type Piece = string | { readonly group: string | number }

/** A replacement, read once for all matches. */
export class Template {
  private readonly pieces: readonly Piece[]

  constructor(template: string) {
    this.pieces = piecesOf(template)
  }

  /** What stands in every match's place, or nothing where they differ. */
  get always(): string | null {
    return this.pieces.every(piece => typeof piece === "string") ? this.pieces.join("") : null
  }

  /** What stands in the place of this match. */
  for(match: RegExpExecArray): string {
    return this.pieces.map(piece => (typeof piece === "string" ? piece : found(match, piece.group))).join("")
  }
}

function piecesOf(template: string): readonly Piece[] {
  let pieces: Piece[] = []
  let end = 0
  for (let sign of template.matchAll(/\$(?:([$&])|(\d{1,2})|<([^>]{1,100})>)|\\([nt\\])/g)) {
    pieces.push(template.slice(end, sign.index), meaningOf(sign))
    end = sign.index + sign[0].length
  }
  return [...pieces, template.slice(end)].filter(piece => piece !== "")
}

function meaningOf([, sign, number, name, letter]: RegExpExecArray): Piece {
  if (sign === "$") return "$"
  if (sign === "&") return { group: 0 }
  if (number !== undefined) return { group: Number(number) }
  if (name !== undefined) return { group: name }
  return letter === "n" ? "\n" : letter === "t" ? "\t" : "\\"
}

/** A group that is not in the pattern, or has found nothing, is nothing. */
function found(match: RegExpExecArray, group: string | number): string {
  return (typeof group === "number" ? match[group] : match.groups?.[group]) ?? ""
}
