/**
 * Has the browser keep the pages themselves, so that they open without a network.
 * Knows the service worker's address, and nothing of what it keeps.
 */

/** How long the page may take to be ready for typing before the worker comes in its way, and to be left in peace. */
const READY_MS = 4_000
const PEACE_MS = 5_000

/** Installs the worker once the page has nothing better to do; browsers offer none on a plain address. */
export function installShell() {
  if (!import.meta.env.PROD || !navigator.serviceWorker) return
  window.addEventListener("load", () => {
    if ("requestIdleCallback" in window) requestIdleCallback(install, { timeout: READY_MS })
    else setTimeout(install, READY_MS)
  })
}

async function install() {
  try {
    await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" })
    let { active } = await navigator.serviceWorker.ready
    // What is loaded only when it is wanted could not be got without a network: except by who counts their bytes.
    if (!isSparing()) setTimeout(() => active?.postMessage("fetch the rest"), PEACE_MS)
  } catch (error) {
    console.warn("this browser does not open the pages without a network:", error)
  }
}

function isSparing(): boolean {
  return "connection" in navigator && Boolean((navigator.connection as { saveData?: boolean }).saveData)
}
