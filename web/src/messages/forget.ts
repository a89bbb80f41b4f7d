/**
 * Words of forgetting a document on this device.
 * Knows no element.
 */
export const forget = {
  title: (name: string) => `Forget “${name}” on this device?`,
  copy: "Its copy for when you are offline and its place in the list of recent documents are removed from this browser. The document itself stays where it is.",
  key: "So is the key that lets this browser in: to open the document again you need its link.",
  unsaved: "It has words that were not sent yet. They are nowhere else, and would be lost.",
  keep: "Keep it",
  forget: "Forget",
  forgetUnsaved: "Forget, and lose those words",
  failed:
    "This browser did not let it be removed. Try again, or clear this site’s data in the browser’s settings.",
}
