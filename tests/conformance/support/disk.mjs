/** A disk of a few megabytes that only its test and the server on it can see. It knows nothing of what is written on it. */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { open, rm } from "node:fs/promises"
import { join } from "node:path"
import { within } from "./wait.mjs"

/** A file system in memory, mounted for one process that holds it, and for those that join it. */
export class SmallDisk {
  #holder
  #folder

  /** Whether this machine lets people make one. */
  static get isPossible() {
    return spawnSync("unshare", ["--map-root-user", "--mount", "true"]).status === 0
  }

  /** Mounts one of so many bytes on a folder. */
  static async mount(folder, bytes) {
    const disk = new SmallDisk()
    disk.#folder = folder
    const script = `mount -t tmpfs -o size=${bytes} codraft "$1" && echo mounted && exec sleep 600`
    const words = ["--map-root-user", "--mount", "sh", "-c", script, "sh", folder]
    disk.#holder = spawn("unshare", words, { stdio: ["ignore", "pipe", "inherit"] })
    await within(20_000, "a small disk", once(disk.#holder.stdout, "data"))
    return disk
  }

  /** What makes the rest of a command run where it is mounted. */
  get prefix() {
    const holder = ["--target", String(this.#holder.pid), "--user", "--mount"]
    return ["nsenter", ...holder, "--preserve-credentials", "--wd=/", "--"]
  }

  /** Writes until nothing fits. */
  async fill() {
    const file = await open(this.#filler, "w")
    try {
      for (const size of [4096, 1]) await fillBy(file, Buffer.alloc(size))
    } finally {
      await file.close()
    }
  }

  /** Gives the space back. */
  async free() {
    await rm(this.#filler)
  }

  /** Ends it, and what is on it. */
  async remove() {
    const gone = once(this.#holder, "exit")
    this.#holder.kill("SIGKILL")
    await gone
  }

  /** Its holder sees another file system there than we do. */
  get #filler() {
    return join(`/proc/${this.#holder.pid}/root`, this.#folder, "filler")
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
