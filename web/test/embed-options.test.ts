/** What an embedded document's address may ask for. */
import { describe, expect, it } from "vitest"
import { embedOptions } from "../src/page/embed-options"
import { DEFAULTS } from "../src/page/settings"

describe("the address of an embedded document", () => {
  it("that asks for nothing shows the text as it comes, without buttons", () => {
    expect(embedOptions("")).toEqual({
      field: "content",
      settings: { ...DEFAULTS, toolbar: false, announcements: false },
      view: null,
      isReadOnly: false,
      hasPresence: true,
      userName: "",
      userColor: "",
      language: "",
      placeholder: "",
      lang: "",
      dir: "",
    })
  })

  it("is understood in the words people try", () => {
    for (let on of ["readonly", "readonly=1", "readonly=true", "readonly=on", "readonly=YES"])
      expect(embedOptions(on).isReadOnly, on).toBe(true)
    for (let off of ["readonly=0", "readonly=false", "readonly=off", "readonly=maybe"])
      expect(embedOptions(off).isReadOnly, off).toBe(false)
    let { settings } = embedOptions("?theme=dark&toolbar&wrap=off&line-numbers=1")
    expect(settings).toMatchObject({ theme: "dark", toolbar: true, wrap: false, lineNumbers: "on" })
    expect(embedOptions("line-numbers=auto").settings.lineNumbers).toBe("auto")
    expect(embedOptions("line-numbers=0").settings.lineNumbers).toBe("off")
    expect(embedOptions("user-color=%238A4BC1").userColor).toBe("#8a4bc1")
    expect(embedOptions("user-color=8a4bc1&user-name=%20Ada%20L.").userName).toBe("Ada L.")
  })

  it("with what is not understood is as if that were not there", () => {
    let asked = embedOptions("theme=pink&view=upside&dir=up&lang=%3Cb%3E&user-color=red;x&field=")
    let { settings, view, dir, lang, userColor, field } = asked
    expect({ theme: settings.theme, view, dir, lang, userColor, field }).toEqual({
      theme: "auto",
      view: null,
      dir: "",
      lang: "",
      userColor: "",
      field: "content",
    })
  })
})
