// Runs in every page before its own scripts, like the witness: sees what the preview shows, and changes nothing.
window.reader = {
  root() {
    return document.querySelector("codraft-preview")?.shadowRoot
  },

  article() {
    return this.root()?.querySelector("article")
  },

  /** The elements of the blocks. */
  blocks() {
    return [...this.article().querySelectorAll(".part > *")]
  },

  pane() {
    return this.root()?.querySelector(".pane")
  },

  /** All that is to be read, with one space between words. */
  words() {
    let copy = this.article()?.cloneNode(true)
    for (let part of copy?.querySelectorAll(".anchor, .code-bar") ?? []) part.remove()
    let texts = []
    let walk = node => {
      for (let child of node.childNodes) child.nodeType === Node.TEXT_NODE ? texts.push(child.data) : walk(child)
      if (node.localName && getComputedStyle(node).display !== "inline") texts.push(" ")
      if (/^(?:p|h\d|li|td|th|pre|blockquote)$/.test(node.localName)) texts.push(" ")
    }
    if (copy) walk(copy)
    return texts.join("").replace(/\s+/g, " ").trim()
  },

  /** The number of the last heading `Part n` above the top of each side. */
  tops() {
    let view = window.witness.view()
    let top = view.scrollDOM.getBoundingClientRect().top
    let block = view.lineBlockAtHeight(top + 1 - view.documentTop)
    let above = view.state.sliceDoc(0, block.to).match(/## Part \d+/g)?.at(-1) ?? "0"
    let headings = [...this.article().querySelectorAll("h2")]
    let heading = headings.filter(heading => heading.getBoundingClientRect().top <= top + 1).at(-1)
    return { editor: Number(/\d+/.exec(above)[0]), page: Number(/\d+/.exec(heading?.textContent ?? "0")[0]) }
  },

  /** Resolves when neither side has moved for some frames. */
  async still() {
    let where = () => `${window.witness.view().scrollDOM.scrollTop} ${this.pane().scrollTop}`
    for (let frames = 0, last = ""; frames < 12; frames = where() === last ? frames + 1 : 0) {
      last = where()
      await new Promise(resolve => requestAnimationFrame(resolve))
    }
  },

  /** Where the middle of a word is on the screen. */
  middleOf(word) {
    let walker = document.createTreeWalker(this.article(), NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      let at = node.data.indexOf(word)
      if (at < 0) continue
      let range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + word.length)
      let { left, right, top, bottom } = range.getBoundingClientRect()
      return { x: (left + right) / 2, y: (top + bottom) / 2 }
    }
    throw new Error(`there is no ${word} to be read`)
  },

  /** Whether what has this id is on the screen. */
  isSeen(id) {
    let element = [...(this.article()?.querySelectorAll("[id]") ?? [])].find(element => element.id === id)
    if (!element) return false
    let { top, bottom } = element.getBoundingClientRect()
    let pane = this.pane().getBoundingClientRect()
    return bottom > pane.top && top < pane.bottom
  },

  /** What is in the preview that nobody has let in. */
  strange() {
    let plain =
      "p h1 h2 h3 h4 h5 h6 ul ol li blockquote hr br pre code em strong s a img input table thead tbody tr th td sup section " +
      "div span button math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover " +
      "munderover mmultiscripts mprescripts mtable mtr mtd mstyle mpadded mphantom menclose annotation"
    let found = []
    for (let element of this.article().querySelectorAll("*")) {
      if (!plain.split(" ").includes(element.localName)) found.push(`a <${element.localName}>`)
      for (let { name, value } of element.attributes) {
        if (name.startsWith("on") || name === "srcdoc" || name === "action") found.push(`${name}=${value}`)
        if (name === "href" && !/^(?:https?:|mailto:|#)/.test(value)) found.push(`href=${value}`)
        if (name === "src" && !/^blob:/.test(value)) found.push(`src=${value}`)
        if (name === "style" && /url|expression|import|fixed/i.test(value)) found.push(`style=${value}`)
      }
    }
    return found
  },
}
