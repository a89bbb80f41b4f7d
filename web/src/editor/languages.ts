/**
 * What a text can be written in beside Markdown and plain words, and how each is loaded when somebody wants it.
 * Is itself loaded then. Knows names and grammars; it shows nothing.
 */
import { LanguageSupport, StreamLanguage, type StreamParser } from "@codemirror/language"

/** A language for code. */
export interface CodeLanguage {
  /** As the document keeps it. */
  readonly id: string
  /** What people call it; a proper name, the same in every language. */
  readonly name: string
  /** What else it is called, behind the fences of Markdown. */
  readonly aliases: readonly string[]
  /** Ends of file names. */
  readonly extensions: readonly string[]
  /** Whole file names. */
  readonly files: readonly string[]
  /** Spaces of one indentation, where the text does not show another; 0 for a tab. */
  readonly indent: number
  /** Its grammar and what belongs to it; fetched once. */
  load(): Promise<LanguageSupport>
}

type Grammar = () => Promise<LanguageSupport>

/** All of them, in the order of their names. */
export const languages: readonly CodeLanguage[] = [
  code("c", "C", "", "c h", 4, clike("c")),
  code("csharp", "C#", "cs c#", "cs csx", 4, clike("csharp")),
  code("cpp", "C++", "c++ cc hpp", "cpp cc cxx hpp hh hxx ino", 4, () =>
    import("@codemirror/lang-cpp").then(({ cpp }) => cpp()),
  ),
  code("css", "CSS", "", "css", 2, () => import("@codemirror/lang-css").then(({ css }) => css())),
  code(
    "diff",
    "Diff",
    "patch",
    "diff patch",
    2,
    legacy(() => import("@codemirror/legacy-modes/mode/diff"), "diff"),
  ),
  code(
    "dockerfile",
    "Dockerfile",
    "docker",
    "dockerfile",
    4,
    legacy(() => import("@codemirror/legacy-modes/mode/dockerfile"), "dockerFile"),
    "dockerfile containerfile",
  ),
  code("go", "Go", "golang", "go", 0, () => import("@codemirror/lang-go").then(({ go }) => go())),
  code("html", "HTML", "htm xhtml", "html htm xhtml", 2, () =>
    import("@codemirror/lang-html").then(({ html }) => html()),
  ),
  code(
    "ini",
    "INI",
    "properties conf env dotenv",
    "ini properties cfg conf env",
    2,
    ini,
    ".env .editorconfig .gitconfig",
  ),
  code("java", "Java", "", "java", 4, () => import("@codemirror/lang-java").then(({ java }) => java())),
  code(
    "javascript",
    "JavaScript",
    "js jsx mjs cjs node ecmascript",
    "js mjs cjs jsx",
    2,
    script({ jsx: true }),
  ),
  code("json", "JSON", "jsonc json5 geojson", "json webmanifest geojson map", 2, () =>
    import("@codemirror/lang-json").then(({ json }) => json()),
  ),
  code("kotlin", "Kotlin", "kt kts", "kt kts", 4, clike("kotlin")),
  code(
    "latex",
    "LaTeX",
    "tex",
    "tex latex sty cls",
    2,
    legacy(() => import("@codemirror/legacy-modes/mode/stex"), "stex"),
  ),
  code(
    "lua",
    "Lua",
    "",
    "lua",
    2,
    legacy(() => import("@codemirror/legacy-modes/mode/lua"), "lua"),
  ),
  code("php", "PHP", "php3 php4 php5 php7 php8", "php phtml", 4, () =>
    import("@codemirror/lang-php").then(({ php }) => php()),
  ),
  code(
    "powershell",
    "PowerShell",
    "ps ps1 pwsh",
    "ps1 psm1 psd1",
    4,
    legacy(() => import("@codemirror/legacy-modes/mode/powershell"), "powerShell"),
  ),
  code("python", "Python", "py python3 pyi", "py pyw pyi", 4, () =>
    import("@codemirror/lang-python").then(({ python }) => python()),
  ),
  code(
    "ruby",
    "Ruby",
    "rb",
    "rb rake gemspec",
    2,
    legacy(() => import("@codemirror/legacy-modes/mode/ruby"), "ruby"),
    "gemfile rakefile",
  ),
  code("rust", "Rust", "rs", "rs", 4, () => import("@codemirror/lang-rust").then(({ rust }) => rust())),
  code(
    "shell",
    "Shell",
    "sh bash zsh console shellscript",
    "sh bash zsh ksh",
    2,
    legacy(() => import("@codemirror/legacy-modes/mode/shell"), "shell"),
    ".bashrc .zshrc .profile",
  ),
  code("sql", "SQL", "postgres postgresql mysql sqlite plsql", "sql", 2, () =>
    import("@codemirror/lang-sql").then(({ sql }) => sql()),
  ),
  code(
    "swift",
    "Swift",
    "",
    "swift",
    4,
    legacy(() => import("@codemirror/legacy-modes/mode/swift"), "swift"),
  ),
  code(
    "toml",
    "TOML",
    "",
    "toml",
    2,
    legacy(() => import("@codemirror/legacy-modes/mode/toml"), "toml"),
    "cargo.lock poetry.lock",
  ),
  code("tsx", "TSX", "", "tsx", 2, script({ jsx: true, typescript: true })),
  code("typescript", "TypeScript", "ts mts cts", "ts mts cts", 2, script({ typescript: true })),
  code("xml", "XML", "svg rss atom xsl plist", "xml svg xsd xsl xslt rss atom plist", 2, () =>
    import("@codemirror/lang-xml").then(({ xml }) => xml()),
  ),
  code("yaml", "YAML", "yml", "yaml yml", 2, () =>
    import("@codemirror/lang-yaml").then(({ yaml }) => yaml()),
  ),
]

/** The language that a document keeps under this id. */
export function languageOf(id: string): CodeLanguage | undefined {
  return languages.find(language => language.id === id)
}

/** The language that is meant by a word behind a fence, whatever it is called there. */
export function languageCalled(word: string): CodeLanguage | undefined {
  let called = word.toLowerCase()
  return languages.find(({ id, aliases }) => id === called || aliases.includes(called))
}

/** The language that a file of this name would be in. */
export function languageOfFile(name: string): CodeLanguage | undefined {
  let file = (name.split("/").at(-1) ?? "").toLowerCase()
  let whole = languages.find(({ files }) => files.includes(file))
  let [, extension] = /\.([^.]+)$/.exec(file) ?? []
  return whole ?? (extension ? languages.find(({ extensions }) => extensions.includes(extension)) : undefined)
}

function code(
  id: string,
  name: string,
  aliases: string,
  extensions: string,
  indent: number,
  grammar: Grammar,
  files = "",
): CodeLanguage {
  let loading: Promise<LanguageSupport> | undefined
  let words = (list: string) => list.split(" ").filter(Boolean)
  return {
    id,
    name,
    indent,
    aliases: words(aliases),
    extensions: words(extensions),
    files: words(files),
    load() {
      loading ??= grammar().catch(error => {
        // The network may be back at the next try.
        loading = undefined
        throw error
      })
      return loading
    },
  }
}

function script(options: { jsx?: boolean; typescript?: boolean }): Grammar {
  return () => import("@codemirror/lang-javascript").then(({ javascript }) => javascript(options))
}

/** A grammar that reads line by line, out of a module that may have several. */
function legacy<K extends string>(
  module: () => Promise<{ [P in K]: StreamParser<unknown> }>,
  name: K,
): Grammar {
  return () => module().then(modes => new LanguageSupport(StreamLanguage.define(modes[name])))
}

function clike(name: "c" | "csharp" | "kotlin"): Grammar {
  return legacy(() => import("@codemirror/legacy-modes/mode/clike"), name)
}

/** Its module does not say how comments begin. */
function ini(): Promise<LanguageSupport> {
  return import("@codemirror/legacy-modes/mode/properties").then(({ properties }) => {
    let languageData = { commentTokens: { line: "#" } }
    return new LanguageSupport(StreamLanguage.define({ ...properties, languageData }))
  })
}
