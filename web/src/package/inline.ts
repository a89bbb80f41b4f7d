/**
 * `codraft/inline`: as `codraft`, with the wasm inside of the script, for hosts that cannot serve it.
 * Knows how it is packed: the build puts the bytes in, in base64.
 */
import { packed } from "#packed-wasm"
import { bringWasm } from "./wasm"

export * from "./index"

bringWasm(async () => Uint8Array.from(atob(packed), char => char.charCodeAt(0)))
