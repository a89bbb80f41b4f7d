// Runs in a frame of no origin, which can reach nothing but the page's messages: draws diagrams with Mermaid and answers
// with their SVG, which the page shows as an image. The frame has the page's policy: no style in markup. So styles that
// Mermaid writes there take the ways that are allowed while they are needed, and are markup again only in the answer.
;(() => {
  let SVG = "http://www.w3.org/2000/svg"
  let isStyle = name => String(name).toLowerCase() === "style"

  let { setAttribute, setAttributeNS } = Element.prototype
  Element.prototype.setAttribute = function (name, value) {
    if (isStyle(name) && this.style) this.style.cssText = value
    else setAttribute.call(this, name, value)
  }
  Element.prototype.setAttributeNS = function (space, name, value) {
    if (isStyle(name) && this.style) this.style.cssText = value
    else setAttributeNS.call(this, space, name, value)
  }

  // A style element becomes a description that holds its rules, and a sheet beside it that has their effect.
  let { createElement } = Document.prototype
  Document.prototype.createElement = function (name, options) {
    if (!isStyle(name)) return createElement.call(this, name, options)
    let holder = document.createElementNS(SVG, "desc")
    holder.setAttribute("data-held", "style")
    let sheet = new CSSStyleSheet()
    document.adoptedStyleSheets = [sheet]
    let hold = rules => {
      holder.replaceChildren(rules)
      sheet.replaceSync(rules)
    }
    for (let property of ["innerHTML", "textContent"]) {
      Object.defineProperty(holder, property, { set: hold, get: () => holder.firstChild?.data ?? "" })
    }
    return holder
  }

  // Nor are there handlers, which the policy complains of even where nothing can run.
  let { parseFromString } = DOMParser.prototype
  DOMParser.prototype.parseFromString = function (markup, type) {
    let inert = String(markup)
      .replace(/(\s)style=/gi, "$1data-style=")
      .replace(/<[a-z][^>]*>/gi, tag => tag.replace(/(["'\s/])on(?=[a-z]+\s*=)/gi, "$1off"))
    return parseFromString.call(this, inert, type)
  }

  /** The answer as it stands alone: with its styles, and as large as it is. */
  let released = svg => {
    let [, width, height] = /^<svg[^>]*viewBox="\S+ \S+ (\S+) (\S+)"/.exec(svg) ?? []
    let whole = svg
      .replace(/<desc data-held="style">([^<]*)<\/desc>/g, "<style>$1</style>")
      .replaceAll("data-style=", "style=")
    return width
      ? whole.replace(/^<svg([^>]*?) width="100%"/, `<svg$1 width="${width}" height="${height}"`)
      : whole
  }

  addEventListener("message", async ({ data, source }) => {
    if (source !== parent) return
    let { id, text, look } = data
    try {
      mermaid.initialize({
        startOnLoad: false,
        securityLevel: "strict",
        suppressErrorRendering: true,
        maxTextSize: 20_000,
        maxEdges: 300,
        htmlLabels: false,
        flowchart: { htmlLabels: false },
        class: { htmlLabels: false },
        ...look,
      })
      let { svg } = await mermaid.render(`diagram-${id}`, text)
      parent.postMessage({ id, svg: released(svg) }, "*")
    } catch (error) {
      parent.postMessage({ id, trouble: String(error?.message ?? error) }, "*")
    } finally {
      document.body.replaceChildren()
    }
  })
  addEventListener("load", () => parent.postMessage({ id: 0 }, "*"))
})()
