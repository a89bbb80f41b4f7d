/** A WebSocket as browsers have it, which Node lacks before version 22. It knows no protocol. */
import WebSocket from "ws"

/** `ws` without its habit of throwing errors that nobody listens for: a browser's socket only reports them. */
export class BrowserSocket extends WebSocket {
  constructor(url) {
    super(url)
    this.on("error", () => {})
  }
}
