// Runs before the first paint, as a plain script: a chosen theme must not flash in late.
try {
  // In a frame the address says it.
  let asked = location.pathname.startsWith("/embed/")
  let theme = asked
    ? new URLSearchParams(location.search).get("theme")
    : JSON.parse(localStorage.getItem("codraft.theme"))
  if (theme) document.documentElement.dataset.theme = theme
} catch {
  // Storage is closed to this page: it follows the system.
}
