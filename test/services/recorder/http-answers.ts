import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One scripted HTTP answer; `delayMs` holds it back, or it waits until `after` has come. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly delayMs?: number;
  readonly after?: Promise<unknown>;
}

/** A local HTTP server that answers as `answer` says, for REST behaviour that the venue has no fault for. */
export async function startHttpAnswers(answer: (url: URL) => Answer) {
  const urls: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    urls.push(url);
    const { status = 200, headers = {}, body, delayMs = 0, after } = answer(url);
    const send = () => response.writeHead(status, headers).end(body);
    if (after === undefined) setTimeout(send, delayMs).unref();
    else void after.then(send);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    urls,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
