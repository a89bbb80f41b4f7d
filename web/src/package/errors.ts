/**
 * What an app's developer is told when something about an editor cannot work: one sentence of what is wrong, one of what to do.
 * Knows no editor. People who write see the status line; these words are for the console and for `codraft-error`.
 */

/** What is wrong, for programs. */
export type ErrorCode =
  /** There is no browser here: the code runs on a server. */
  | "no-browser"
  /** It was not said which document is meant, or the name cannot be one. */
  | "no-document"
  /** The address of the server is none. */
  | "wrong-server"
  /** No Codraft server answers there, or not to this page. */
  | "unreachable"
  /** The wasm could not be loaded. */
  | "wasm"
  /** The app's own function that brings tokens has failed. */
  | "token-provider"
  /** The server does not let this person in, or not any more. */
  | "refused"
  /** The document was deleted, has grown too large, or holds no text. */
  | "unusable"
  /** CodeMirror's own undo is there too. */
  | "history"
  /** Two copies of CodeMirror are on the page. */
  | "two-states"
  /** What came from the app could not be used: an extension, a file. */
  | "app"
  /** The editor has stopped: what was written is still shown, and may not be saved. */
  | "broken"
  /** The session was ended before it came to that. */
  | "ended"
  /** The document is not here yet. */
  | "not-open"
  /** This person may only read. */
  | "read-only"

/** Something that a developer, rather than the person who writes, can put right. */
export class CodraftError extends Error {
  override readonly name = "CodraftError"

  constructor(
    /** What is wrong, for programs. */
    readonly code: ErrorCode,
    /** What is wrong and what to do, for people. */
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The sentences. */
export const troubles = {
  noBrowser: () =>
    new CodraftError(
      "no-browser",
      "createSession() needs a browser. On a server import codraft freely, and call it only once the page is shown.",
    ),
  noDocument: () =>
    new CodraftError(
      "no-document",
      'It is not said which document is meant. Give its name: <codraft-editor doc="notes">, or createSession({ doc: "notes" }).',
    ),
  badDocument: (name: string) =>
    new CodraftError(
      "no-document",
      `No document can be called ${JSON.stringify(name.slice(0, 80))}. A name has 1 to 1,024 bytes, no control characters and no part that is only "." or "..".`,
    ),
  wrongServer: (server: string) =>
    new CodraftError(
      "wrong-server",
      `${JSON.stringify(server)} is no address of a server. Give one such as server="wss://docs.example.org".`,
    ),
  silent: (server: string) =>
    new CodraftError(
      "unreachable",
      `Nothing answers at ${server}. Is a Codraft server running there, and does this page's Content-Security-Policy let it connect (connect-src)?`,
    ),
  unwelcome: (server: string, origin: string) =>
    new CodraftError(
      "unreachable",
      `${server} answers, but does not let this page connect. If that is a Codraft server, start it with --allow-origin ${origin}.`,
    ),
  noWasm: (address: string, cause: unknown) =>
    new CodraftError(
      "wasm",
      `The wasm could not be loaded from ${address}. Serve codraft.wasm there or say where it is (wasm-url), let the page's policy run it (script-src 'wasm-unsafe-eval'), or use codraft/inline, which has it inside.`,
      { cause },
    ),
  noToken: (cause: unknown) =>
    new CodraftError(
      "token-provider",
      "The function that brings tokens (tokenProvider) has failed. It is asked again with the next attempt.",
      {
        cause,
      },
    ),
  refused: (code: number, reason: string) =>
    new CodraftError(
      "refused",
      `The server does not let this page in (${code}${reason ? `: ${reason}` : ""}). Give another token, or a tokenProvider that brings fresh ones, and call connect().`,
    ),
  unusable: (code: number, words: string) =>
    new CodraftError("unusable", `The connection has ended for good (${code}): ${words}.`),
  history: () =>
    new CodraftError(
      "history",
      "history() stands beside codraft(): it would take back what others wrote. Leave it out, and with it basicSetup and minimalSetup, which bring it: list the extensions you need. Undo comes with codraft().",
    ),
  twoStates: (cause?: unknown) =>
    new CodraftError(
      "two-states",
      "There are two copies of @codemirror/state on this page, and extensions of one mean nothing to the other. Have the bundler take one: `npm ls @codemirror/state` says where they come from; with Vite, resolve.dedupe. With codraft/standalone use the CodeMirror that it exports.",
      { cause },
    ),
  otherCopy: () =>
    new CodraftError(
      "app",
      "This session is not one of createSession() of the same copy of codraft. Import both from one package, or from codraft/standalone both.",
    ),
  app: (what: string, cause: unknown) => new CodraftError("app", `${what} could not be used.`, { cause }),
  notOpen: () =>
    new CodraftError(
      "not-open",
      "There is no document yet to write into. Wait for it: await session.ready().",
    ),
  readOnly: () =>
    new CodraftError(
      "read-only",
      "This person may only read the document: what is written would not be kept.",
    ),
  ended: () => new CodraftError("ended", "This session was ended. createSession() makes another."),
  broken: (cause: unknown) =>
    new CodraftError(
      "broken",
      "The editor's engine has stopped. What was written is still shown, and may not be saved.",
      { cause },
    ),
}
