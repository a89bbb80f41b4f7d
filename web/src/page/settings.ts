/**
 * How this browser's person likes to work: kept here, the same on every page and in every tab, changed live.
 * Knows neither the page nor the editor: who shows something listens.
 */
import { isRecord, recall, remember } from "./storage"

export const THEMES = ["auto", "light", "dark"] as const
export const FONTS = ["sans", "serif", "mono"] as const
export const WIDTHS = ["narrow", "medium", "wide", "full"] as const
export const NUMBERINGS = ["auto", "on", "off"] as const
export const KEYMAPS = ["standard", "vim", "emacs"] as const
/** What text sizes go up and down by, and between what, in percent of the usual size. */
export const SIZES = [70, 80, 90, 100, 110, 125, 150, 175, 200] as const

/** Everything that is kept. */
export interface Settings {
  /** `auto` follows the system. */
  readonly theme: (typeof THEMES)[number]
  readonly font: (typeof FONTS)[number]
  /** One of `SIZES`. */
  readonly fontSize: number
  /** How wide a column of text is. */
  readonly width: (typeof WIDTHS)[number]
  /** Whether long lines go on in the next one. */
  readonly wrap: boolean
  /** `auto`: where the document is code. */
  readonly lineNumbers: (typeof NUMBERINGS)[number]
  /** Whether spaces and tabs can be seen. */
  readonly whitespace: boolean
  readonly spellcheck: boolean
  readonly keymap: (typeof KEYMAPS)[number]
  /** Whether pictures are shown in the text that names them. */
  readonly images: boolean
  /** Whether the buttons that format are shown. */
  readonly toolbar: boolean
  /** Whether is told who comes and goes. */
  readonly announcements: boolean
}

/** What holds until somebody chooses. */
export const DEFAULTS: Settings = {
  theme: "auto",
  font: "sans",
  fontSize: 100,
  width: "medium",
  wrap: true,
  lineNumbers: "auto",
  whitespace: false,
  spellcheck: true,
  keymap: "standard",
  images: true,
  toolbar: true,
  announcements: true,
}

/** The theme has a place of its own: `early.js` reads it before anything else is there. */
const THEME = "codraft.theme"
const REST = "codraft.settings"

const CHOICES: { readonly [key in keyof Settings]?: readonly unknown[] } = {
  theme: THEMES,
  font: FONTS,
  fontSize: SIZES,
  width: WIDTHS,
  lineNumbers: NUMBERINGS,
  keymap: KEYMAPS,
}

type Listener = (now: Settings, before: Settings) => void

/** The settings of one browser, as one of its tabs sees them. */
export class SettingsStore {
  private readonly listeners = new Set<Listener>()
  /** What holds now. */
  now: Settings = kept()

  constructor() {
    let look = () => this.take(kept())
    globalThis.addEventListener?.("storage", ({ key }) => {
      if (key === null || key === THEME || key === REST) look()
    })
    // A page taken back from the browser's cache has heard nothing meanwhile.
    globalThis.addEventListener?.("pageshow", event => event.persisted && look())
  }

  /** Changes some of them, here and in every other tab. */
  set(changes: Partial<Settings>) {
    let now = { ...this.now, ...changes }
    let rest = Object.entries(now).filter(
      ([key, value]) => key !== "theme" && value !== DEFAULTS[key as keyof Settings],
    )
    if (now.theme !== this.now.theme) remember(THEME, now.theme)
    remember(REST, Object.fromEntries(rest))
    this.take(now)
  }

  /** Tells `listener` of every change; returns how to stop. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Tells `listener` what holds, now and after every change; returns how to stop. */
  follow(listener: Listener): () => void {
    listener(this.now, this.now)
    return this.onChange(listener)
  }

  private take(now: Settings) {
    let before = this.now
    if (KEYS.every(key => now[key] === before[key])) return
    this.now = now
    for (let listener of [...this.listeners]) listener(now, before)
  }
}

const KEYS = Object.keys(DEFAULTS) as readonly (keyof Settings)[]

/** What the browser keeps, as far as it makes sense. */
function kept(): Settings {
  let rest = recall(REST, isRecord) ?? {}
  let found = { ...rest, theme: recall(THEME, value => typeof value === "string") }
  let valid = Object.entries(found).filter(([key, value]) => isValid(key, value))
  return { ...DEFAULTS, ...Object.fromEntries(valid) }
}

function isValid(key: string, value: unknown): boolean {
  if (!Object.hasOwn(DEFAULTS, key)) return false
  let choices = CHOICES[key as keyof Settings]
  return choices ? choices.includes(value) : typeof value === "boolean"
}

/** The settings of this browser. */
export const settings = new SettingsStore()
