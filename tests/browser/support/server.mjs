/**
 * The real server as a process: started on a data directory of its own, killed as a crash would, started again.
 * Knows nothing of browsers and pages.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const BINARY =
  process.env.CODRAFT_BIN ?? fileURLToPath(new URL("../../../target/release/codraft", import.meta.url))

/** Starts a server that lives as long as the test `t`. */
export async function startServer(t) {
  let server = await openServer()
  t.after(() => server.remove())
  return server
}

/** Starts a server; whoever calls this removes it. */
export async function openServer() {
  let data = await mkdtemp(join(tmpdir(), "codraft-browser-"))
  let server = new Server(data, await freePort())
  await server.start()
  return server
}

class Server {
  /** What it has logged, for the message of a failure. */
  log = []
  process = null

  constructor(data, port) {
    this.data = data
    this.port = port
    this.origin = `http://127.0.0.1:${port}`
  }

  /** Starts the binary and waits until it says that it is ready. */
  async start() {
    let address = ["--listen", `127.0.0.1:${this.port}`, "--data", this.data]
    this.process = spawn(BINARY, ["serve", ...address], { stdio: ["ignore", "ignore", "pipe"] })
    let ended = once(this.process, "exit").then(() => {
      throw new Error(`the server ended:\n${this.log.join("\n")}`)
    })
    await Promise.race([this.ready(), ended])
    // From here on an end is what the test wanted.
    ended.catch(() => {})
  }

  /** `kill -9`, and waits until it is gone. */
  async kill() {
    let { process } = this
    if (!process || process.exitCode !== null || process.signalCode !== null) return
    let gone = once(process, "exit")
    process.kill("SIGKILL")
    await gone
  }

  /** Ends it and removes its data. */
  async remove() {
    await this.kill()
    await rm(this.data, { recursive: true, force: true })
  }

  /** The address of a document's page. */
  page(name) {
    return `${this.origin}/d/${encodeURIComponent(name)}`
  }

  ready() {
    let lines = createInterface({ input: this.process.stderr })
    return new Promise(resolve => {
      lines.on("line", line => {
        this.log.push(line)
        if (line.includes("Codraft is ready")) resolve()
      })
    })
  }
}

/** A port nobody listens on at the moment. */
export async function freePort() {
  let probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  let { port } = probe.address()
  probe.close()
  await once(probe, "close")
  return port
}
