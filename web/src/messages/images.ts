/**
 * The words about pictures, which are loaded with what shows them.
 * Knows no element and no state.
 */
export const imageMessages = {
  /** In the text itself, where everybody sees it. */
  uploading: (name: string) => `Uploading ${name}…`,
  unnamed: "Picture",
  progress: (name: string) => `Uploading ${name}`,
  by: (name: string) => `${name} is uploading this`,
  arrived: (name: string) => `${name} is in the text`,
  cancel: (name: string) => `Cancel the upload of ${name}`,
  stopped: (name: string) => `${name}: the upload was not finished`,
  remove: (name: string) => `Remove the place of ${name}`,
  insert: "Insert",
  insertOf: (name: string) => `Insert ${name}`,
  readOnly: "You can only read this document, so no picture can be added.",
  wrongType: (name: string) => `“${name}” cannot be shown here. PNG, JPEG, GIF, WebP and AVIF pictures can.`,
  failed: (name: string, why: string) => `“${name}” was not added. ${why}`,
  why: {
    network: "The server could not be reached.",
    forbidden: "You may not change this document any more.",
    unknown: "The server did not say why.",
  },
  noPlace: (name: string) => `“${name}” is uploaded, but its place in the text was removed meanwhile.`,
  gone: "This picture cannot be shown.",
  shown: (name: string) => name || "Picture",
}
