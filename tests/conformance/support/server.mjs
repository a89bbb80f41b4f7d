/**
 * The real binary as a process that can be killed, on a free port and a data directory of its own. It knows no protocol.
 */
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { DocumentManager } from "@y-sweet/sdk"
import { SmallDisk } from "./disk.mjs"
import { PATIENCE_MS, within } from "./wait.mjs"

const BINARY =
  process.env.CODRAFT_BIN ?? fileURLToPath(new URL("../../../target/release/codraft", import.meta.url))

/** A port that nobody listens on at the moment. */
export async function freePort() {
  const listener = createServer().listen(0, "127.0.0.1")
  await once(listener, "listening")
  const { port } = listener.address()
  listener.close()
  await once(listener, "close")
  return port
}

export class Server {
  #child
  #data
  #port
  #flags
  /** A disk of its own, if it was given one. */
  disk

  /** Starts on an empty data directory, with these flags; `diskBytes` gives it a disk of its own that holds so many. */
  static async start({ flags = [], diskBytes = 0 } = {}) {
    const server = new Server()
    server.#flags = flags
    server.#data = await mkdtemp(join(tmpdir(), "codraft-"))
    if (diskBytes) server.disk = await SmallDisk.mount(server.#data, diskBytes)
    server.#port = await freePort()
    await server.run()
    return server
  }

  /** The URL that a y-websocket provider is given; it appends `/` and the room's name. */
  get url() {
    return `ws://127.0.0.1:${this.#port}/ws`
  }

  /** The URL that a Hocuspocus provider is given. */
  get hocuspocus() {
    return `ws://127.0.0.1:${this.#port}/hocuspocus`
  }

  /** What its pages and requests begin with. */
  get origin() {
    return `http://127.0.0.1:${this.#port}`
  }

  /** What an app's backend asks for a client of y-sweet; its `token` is good in every dialect. */
  async pass(room, authorization = "full", validForSeconds = 3_600) {
    const manager = new DocumentManager(this.origin.replace("http", "ys"))
    return manager.getClientToken(room, { authorization, validForSeconds })
  }

  /** What a client needs that has a token already, in the form in which an app's backend hands it to a client of y-sweet. */
  way(room, token) {
    const baseUrl = `${this.origin}/d/${encodeURIComponent(room)}`
    return { url: `${baseUrl.replace("http", "ws")}/ws`, baseUrl, docId: room, token }
  }

  /** What an administrator is told on the command line, beside the running server. */
  async says(...words) {
    const { stdout } = await promisify(execFile)(BINARY, [...words, "--data", this.#data])
    return stdout
  }

  /** Waits until its metrics have this line. */
  async until(line) {
    const deadline = performance.now() + PATIENCE_MS
    while (performance.now() < deadline) {
      const metrics = await (await fetch(`${this.origin}/metrics`)).text()
      if (metrics.split("\n").includes(line)) return
    }
    throw new Error(`waited ${PATIENCE_MS} ms in vain for ${line}`)
  }

  /** Its process, and where it keeps documents. */
  get process() {
    return { pid: this.#child.pid, store: join(this.#data, "store") }
  }

  /** Starts again on the same port and data, after `kill` or `terminate`. */
  async run() {
    const { CODRAFT_LISTEN, CODRAFT_DATA, ...env } = process.env
    const serve = [BINARY, "serve", "--listen", `127.0.0.1:${this.#port}`, "--data", this.#data, ...this.#flags]
    const [program, ...words] = [...(this.disk?.prefix ?? []), ...serve]
    this.#child = spawn(program, words, { env, stdio: ["ignore", "ignore", "pipe"] })
    const child = this.#child
    // A test that ends on the way must not leave it behind.
    const kill = () => child.kill("SIGKILL")
    process.once("exit", kill)
    child.once("exit", () => process.off("exit", kill))
    await within(20_000, "the server to be ready", this.#ready())
  }

  async #ready() {
    const said = []
    const lines = createInterface({ input: this.#child.stderr })
    await new Promise((ready, refused) => {
      this.#child.once("error", refused)
      lines.on("line", line => {
        if (line.includes("Codraft is ready")) ready()
        else if (said.length < 100) said.push(line)
      })
      lines.once("close", () => refused(new Error(`the server ended: ${said.join("\n")}`)))
    })
  }

  /** `kill -9`, and waits until it is gone. */
  async kill() {
    await this.#end("SIGKILL")
  }

  /** SIGTERM, and waits for the exit code. */
  async terminate() {
    return this.#end("SIGTERM")
  }

  async #end(signal) {
    const gone = once(this.#child, "exit")
    this.#child.kill(signal)
    const [code] = await within(20_000, `the server to end by ${signal}`, gone)
    return code
  }

  /** Ends it for good, if it still runs, and removes its data. */
  async remove() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill()
    await this.disk?.remove()
    await rm(this.#data, { recursive: true })
  }
}
