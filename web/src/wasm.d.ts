/**
 * The module that `cargo xtask build` writes to `web/wasm`, declared by hand so that types check before it exists.
 * Knows no behaviour: `client.ts` says what each call means.
 */
declare module "#wasm" {
  export const Client: new (host: import("./host").Host, field: string) => import("./client").Replica
  /** Puts a fresh instance in the place of this one; every object of the old one is dead from then on. */
  export function __wbg_reset_state(): void
  export default function init(input: { module_or_path: URL | string | BufferSource }): Promise<unknown>
}

/** The wasm in base64: the package's build makes this module. */
declare module "#packed-wasm" {
  export const packed: string
}
