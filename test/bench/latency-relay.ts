import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';

/**
 * The reference: what comes in over the venue's WebSockets goes out as server-sent events, as it is; nothing is recorded,
 * decoded or derived.
 */
async function main(addresses: readonly string[]): Promise<void> {
  const clients = new Set<ServerResponse>();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.socket?.setNoDelay(true);
    response.flushHeaders();
    clients.add(response);
    response.on('close', () => clients.delete(response));
  });
  for (const address of addresses) {
    new WebSocket(address).on('message', (frame) => {
      for (const client of clients) client.write(`data: ${frame}\n\n`);
    });
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

if (import.meta.main) {
  process.on('disconnect', () => process.exit(0));
  await main(process.argv.slice(2));
}
