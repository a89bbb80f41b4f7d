// Runs in a page before its own scripts: types a list of edits into the page's own editor, each as a transaction of
// its own, as a key press would dispatch it, some in each animation frame. It notes how long each kept the page busy.
// Only the last of a frame moves the cursor: Chromium's style pass for a selection set by a script grows with their
// number, which keys at a keyboard do not show and a person's pace would hide.
window.typist = {
  done: 0,
  lastAt: 0,
  /** Milliseconds of the page's main thread, one number an edit. */
  work: [],
  memory: null,

  type(edits, perFrame) {
    let view = window.witness.view()
    let frame = () => {
      let last = Math.min(this.done + perFrame, edits.length)
      while (this.done < last) this.one(view, edits[this.done++], this.done === last)
      if (this.done < edits.length) requestAnimationFrame(frame)
      else this.lastAt = performance.timeOrigin + performance.now()
    }
    requestAnimationFrame(frame)
  },

  one(view, [from, to, inserted], movesCursor) {
    let began = performance.now()
    let insert = view.state.toText(inserted)
    let cursor = movesCursor && { selection: { anchor: from + insert.length }, scrollIntoView: true }
    view.dispatch({
      changes: { from, to, insert },
      ...cursor,
      userEvent: inserted ? "input.type" : "delete.backward",
    })
    this.work.push(performance.now() - began)
  },

  /** Bytes of the replica's WebAssembly memory. */
  memoryBytes() {
    return this.memory?.buffer.byteLength ?? 0
  },
}

for (let name of ["instantiate", "instantiateStreaming"]) {
  let original = WebAssembly[name]
  WebAssembly[name] = async (...given) => {
    let made = await original.apply(WebAssembly, given)
    window.typist.memory = (made.instance ?? made).exports.memory
    return made
  }
}
