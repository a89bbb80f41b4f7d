/**
 * The module that `cargo xtask build` writes to `web/wasm`, declared by hand so that types check before it exists.
 * Knows no behaviour: `client.ts` says what each call means.
 */
declare module "#wasm" {
  export const Client: new (url: string, wake: () => void) => import("./client").Replica
  export default function init(input?: { module_or_path: URL }): Promise<unknown>
}
