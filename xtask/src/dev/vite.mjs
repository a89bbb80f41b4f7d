// Vite's dev server for `cargo xtask dev`: our page routes, and the rest of the server behind it.
// Run in web/; does not know how the server is built or restarted.
import { existsSync } from 'node:fs'
import { createServer } from 'vite'

const server = 'http://127.0.0.1:8080'
const editor = existsSync('editor.html') ? '/editor.html' : '/index.html'

const pages = {
  name: 'codraft-pages',
  configureServer(vite) {
    vite.middlewares.use((request, _response, next) => {
      if (/^\/d\/[^/?]+\/?(\?|$)/.test(request.url)) request.url = editor
      next()
    })
  },
}

const vite = await createServer({
  plugins: [pages],
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/ws/': { target: server, ws: true },
      '^/d/[^/]+/ws/': { target: server, ws: true },
      '/hocuspocus': { target: server, ws: true },
      '/api/': server,
      '/healthz': server,
      '/metrics': server,
    },
  },
})
await vite.listen()
vite.printUrls()
