// Runs before the first paint, as a plain script: a chosen theme must not flash in late.
try {
  let theme = localStorage.getItem("codraft.theme")
  if (theme) document.documentElement.dataset.theme = JSON.parse(theme)
} catch {
  // Storage is closed to this page: it follows the system.
}
