/**
 * What a person can do on the page, by name: one list for the palette, the menu and the sheet of shortcuts.
 * Knows neither who shows it nor how anything is done.
 */

/** The headings under which actions are listed, in this order. */
export const GROUPS = ["document", "edit", "format", "view", "people", "help"] as const
export type Group = (typeof GROUPS)[number]

/** One thing that can be done. */
export interface Action {
  /** Never changes: `format.bold`. */
  readonly id: string
  /** What it is called, from the catalogue. */
  readonly title: string
  readonly group: Group
  /** The key that does it, as CodeMirror writes it (`Mod-b`): shown, not bound. Whoever does it binds it too. */
  readonly keys?: string
  /** Left out of the menu, which would grow too long; palette and sheet have it. */
  readonly rare?: boolean
  /** Left out of the palette, which has others that say it better. */
  readonly menuOnly?: boolean
  /** At the end of its group: what is seldom wanted, and ends something. */
  readonly last?: boolean
  /** For what is done several times in a row: the menu stays open. */
  readonly stays?: boolean
  run(): void
  /** Whether it can be done now. Defaults to yes. */
  isOffered?(): boolean
  /** For what is switched on and off: whether it is on. */
  isOn?(): boolean
}

/** Actions of one editor. */
export class Actions {
  private readonly all = new Map<string, Action>()

  /** Offers actions; returns how to take them away again. One of the same id takes the place of an earlier one. */
  add(...actions: readonly Action[]): () => void {
    for (let action of actions) this.all.set(action.id, action)
    return () => {
      for (let action of actions) if (this.all.get(action.id) === action) this.all.delete(action.id)
    }
  }

  /** What can be done now, by group and in the order in which it was offered. */
  offered(): readonly Action[] {
    let offered = [...this.all.values()].filter(action => action.isOffered?.() ?? true)
    let end = (action: Action) => Number(action.last ?? false)
    return GROUPS.flatMap(group =>
      offered.filter(action => action.group === group).sort((a, b) => end(a) - end(b)),
    )
  }

  /** What has this id, whether it can be done now or not. */
  get(id: string): Action | undefined {
    return this.all.get(id)
  }

  /** Does what has this id, if that can be done now; returns whether it could. */
  run(id: string): boolean {
    let action = this.all.get(id)
    if (!action || !(action.isOffered?.() ?? true)) return false
    action.run()
    return true
  }
}

/** The page has one editor, and these are its actions. */
export const actions = new Actions()
