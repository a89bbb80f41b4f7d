// Hocuspocus, storing nothing: node hocuspocus.mjs PORT, in the folder where @hocuspocus/server is installed.
import { Server } from '@hocuspocus/server'

const server = new Server({ port: Number(process.argv[2]), address: '127.0.0.1', quiet: true })
await server.listen()
