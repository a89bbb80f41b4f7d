/**
 * What people with bad intentions have called themselves, their colours and their documents.
 * Each string calls `hit` where it is taken for a script, and asks for `/hit` where it is taken for an address.
 */

/** Strings for every place that shows one. */
export const STRINGS = [
  "<script>hit(1)</script>",
  "<img src=/hit onerror=hit(2)>",
  "<svg/onload=hit(3)>",
  "\"><iframe srcdoc='<script>parent.hit(4)</script>'>",
  "' onmouseover='hit(5)' autofocus onfocus='hit(6)' x='",
  "</title></style></textarea><script>hit(7)</script>",
  "javascript:hit(8)",
  "<a href=javascript:hit(9)>click</a>",
  "{{constructor.constructor('hit(10)')()}}${hit(11)}",
  "<style>@import '/hit';*{background:url(/hit)}</style>",
  "<base href=//hit.invalid/><meta http-equiv=refresh content='0;url=/hit'>",
  "<math><mtext><table><mglyph><style><!--</style><img src=/hit onerror=hit(12)>",
  "&lt;img src=/hit onerror=hit(13)&gt;",
  "\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c",
  "a\u0000b\u0001c\u001bd\u007fe\u0085f\u2028g\u2029h",
  "Z\u0351\u0363\u0352\u0301\u0300\u0302\u0303a\u0300\u0301\u0302\u0303\u0304\u0305lgo",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}".repeat(30),
  "x".repeat(4_000),
  "__proto__",
  "constructor",
]

/** Strings for where a colour is expected. */
const COLORS = [
  "red;background:url(/hit)",
  "url(/hit)",
  "#fff;}*{background:url(/hit)",
  "#12345g",
  "expression(hit(20))",
  "var(--x,url(/hit))",
  "\" onload=hit(21) x=\"",
  "</style><script>hit(22)</script>",
  "\\75rl(/hit)",
]

/** Whole presence states, some of them no state that any editor would send. */
export const STATES = [
  ...STRINGS.map(name => ({ user: { name, color: "#30bced", colorLight: "#30bced33", id: name } })),
  ...COLORS.map((color, n) => ({ user: { name: `colour ${n}`, color, colorLight: color, id: `c${n}` } })),
  ...[null, 7, true, [], {}, ["<img src=/hit onerror=hit(30)>"], { toString: "hit(31)" }].map((value, n) => ({
    user: { name: value, color: value, colorLight: value, id: `v${n}` },
  })),
  ...[{ user: "<b>x</b>" }, { user: null }, { user: [] }, [], 7, "x", { cursor: "x" }, {}],
  { user: { name: "caret", id: "k" }, cursor: { anchor: "<b>", head: { tname: "<img src=/hit>", item: [] } } },
].map(state => JSON.stringify(state))

/** The same in the words of JSON itself, where an object would not keep them. */
export const RAW_STATES = [
  '{"__proto__":{"user":{"name":"p"}},"user":{"__proto__":{"x":1},"name":"proto","id":"p"}}',
  '{"user":{"name":"twice","name":"<img src=/hit onerror=hit(32)>","id":"t"}}',
  '{"user":{"name":"\\ud800","id":"\\udfff"}}',
]
