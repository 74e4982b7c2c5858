import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';

/**
 * The reference: what comes in over the venue's WebSockets goes out as server-sent events, as it is; nothing is recorded,
 * decoded or derived. Each client has WebSockets of its own: without one there is nothing to be done.
 */
async function main(addresses: readonly string[]): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.socket?.setNoDelay(true);
    response.flushHeaders();
    const sockets = addresses.map((address) => new WebSocket(address));
    for (const socket of sockets) socket.on('message', (frame) => response.write(`data: ${frame}\n\n`));
    response.on('close', () => {
      for (const socket of sockets) socket.terminate();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

if (import.meta.main) {
  process.on('disconnect', () => process.exit(0));
  await main(process.argv.slice(2));
}
