/**
 * Keeps the page as high as what can be seen of it, where an on-screen keyboard lies over the page instead of making it
 * smaller: `--height`.
 * Knows nothing of what is on the page.
 */

/** What browsers' bars may take without being a keyboard, in CSS pixels. */
const BARS = 120

/** Follows the keyboard until the page goes. */
export function followKeyboard() {
  let seen = window.visualViewport
  if (!seen) return
  let { style } = document.documentElement
  let look = () => {
    // Who has zoomed in looks at a part of the page, which keeps its size.
    let isCovered = seen.scale === 1 && window.innerHeight - seen.height > BARS
    if (!isCovered) return void style.removeProperty("--height")
    style.setProperty("--height", `${Math.round(seen.height)}px`)
    window.scrollTo(0, 0)
  }
  seen.addEventListener("resize", look)
  seen.addEventListener("scroll", look)
}
