/**
 * A bare y-websocket connection that says whatever it is told to: what anybody with the link can send.
 * Knows the bytes of presence and of one insertion; it understands nothing it hears.
 */

/** A frame in which each of `states` is the presence of a client of its own, numbered from 1,000 on. */
export function presenceFrame(states) {
  let entries = states.map((state, n) => [...varUint(1_000 + n), 1, ...string(state)])
  return [1, ...counted([...varUint(states.length), ...entries.flat()])]
}

/** A frame with an update that puts `text` into an empty document, by client 77. */
export function insertionFrame(text) {
  let [clients, structs, client, clock, stringAtRoot, one, deletions] = [1, 1, 77, 0, 4, 1, 0]
  let update = [clients, structs, client, clock, stringAtRoot, one, ...string("content"), ...string(text), deletions]
  return [0, 2, ...counted(update)]
}

/** Sends frames from a page of the server's own, and stays connected until that page goes. */
export async function sendAsStock(who, server, name, frames) {
  let connect = ([url, frames]) =>
    new Promise((resolve, reject) => {
      let socket = new WebSocket(url)
      window.stock = socket
      socket.onopen = () => {
        for (let frame of frames) socket.send(new Uint8Array(frame))
        resolve()
      }
      socket.onerror = () => reject(new Error("no connection"))
    })
  await who.page.goto(server.origin)
  let url = `${server.origin.replace("http", "ws")}/ws/${encodeURIComponent(name)}`
  await who.page.evaluate(connect, [url, frames])
}

function string(text) {
  return counted([...new TextEncoder().encode(text)])
}

function counted(bytes) {
  return [...varUint(bytes.length), ...bytes]
}

function varUint(number) {
  return number < 128 ? [number] : [(number & 127) | 128, ...varUint(number >>> 7)]
}
