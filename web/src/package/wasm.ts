/**
 * Where the wasm comes from: beside this file, unless somebody has said otherwise.
 * Knows no document.
 */
import type { WasmSource } from "../connection"

let brought: (() => Promise<BufferSource>) | null = null

/** Has the wasm taken from here from now on, wherever else it may be. */
export function bringWasm(bring: () => Promise<BufferSource>) {
  brought = bring
}

/** Where the wasm is: where `address` says, relative to the page, or where this package has it. */
export async function wasmSource(address: string | undefined): Promise<WasmSource> {
  if (address) return new URL(address, document.baseURI)
  return brought ? brought() : new URL("./codraft.wasm", import.meta.url)
}

/** The same for a message. */
export function wasmPlace(address: string | undefined): string {
  if (address) return new URL(address, document.baseURI).href
  return brought ? "inside codraft/inline" : new URL("./codraft.wasm", import.meta.url).href
}
