/**
 * The real server as a process: started on a data directory of its own, killed as a crash would, started again.
 * Knows nothing of browsers and pages.
 */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, open, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { atEnd } from "./ending.mjs"

const BINARY =
  process.env.CODRAFT_BIN ?? fileURLToPath(new URL("../../../target/release/codraft", import.meta.url))

/** Starts a server that lives as long as the test `t`, with these flags. */
export async function startServer(t, ...flags) {
  let server = await openServer(...flags)
  atEnd(t, () => server.remove())
  return server
}

/**
 * The same on a disk of its own that holds so many bytes: a file system in memory that only the server's process has.
 * Null where this machine does not let people make one.
 */
export async function startServerOnDisk(t, bytes) {
  if (spawnSync("unshare", ["--map-root-user", "--mount", "true"]).status !== 0) return null
  let server = new Server(await mkdtemp(join(tmpdir(), "codraft-browser-")), await freePort())
  server.disk = bytes
  atEnd(t, () => server.remove())
  await server.start()
  return server
}

/** Starts a server; whoever calls this removes it. */
export async function openServer(...flags) {
  let data = await mkdtemp(join(tmpdir(), "codraft-browser-"))
  let server = new Server(data, await freePort())
  server.flags = flags
  await server.start()
  return server
}

class Server {
  /** What it has logged, for the message of a failure. */
  log = []
  process = null
  /** What else it is started with. */
  flags = []
  /** The size of its own disk in bytes, if it has one. */
  disk = 0

  constructor(data, port) {
    this.data = data
    this.port = port
    this.origin = `http://127.0.0.1:${port}`
  }

  /** Starts the binary and waits until it says that it is ready. */
  async start() {
    let serve = [BINARY, "serve", "--listen", `127.0.0.1:${this.port}`, "--data", this.data, ...this.flags]
    let [program, ...words] = this.disk ? [...this.onDisk(), ...serve] : serve
    this.process = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] })
    let ended = once(this.process, "exit").then(() => {
      throw new Error(`the server ended:\n${this.log.join("\n")}`)
    })
    await Promise.race([this.ready(), ended])
    // From here on an end is what the test wanted.
    ended.catch(() => {})
  }

  /** What a command of the operator prints, given on this server's data. */
  command(...words) {
    let { status, stdout, stderr } = spawnSync(BINARY, [...words, "--data", this.data], { encoding: "utf8" })
    if (status !== 0) throw new Error(`codraft ${words.join(" ")}: ${stderr}`)
    return stdout.trim()
  }

  /** What makes the rest of a command run on a disk of its own. */
  onDisk() {
    let mount = `mount -t tmpfs -o size=${this.disk} codraft "${this.data}"`
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", `${mount} && exec "$@"`, "sh"]
  }

  /** Fills its disk to the last byte. */
  async fillDisk() {
    let file = await open(this.filler(), "w")
    try {
      for (let size of [4096, 1]) await fillBy(file, Buffer.alloc(size))
    } finally {
      await file.close()
    }
  }

  /** Gives the space back. */
  async freeDisk() {
    await rm(this.filler())
  }

  /** The process sees another file system there than we do. */
  filler() {
    return join(`/proc/${this.process.pid}/root`, this.data, "filler")
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

async function fillBy(file, bytes) {
  for (;;) {
    try {
      await file.write(bytes)
    } catch (error) {
      if (error.code === "ENOSPC") return
      throw error
    }
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
