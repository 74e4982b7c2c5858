import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiContext } from '../http/environment.ts';
import { problem } from '../http/problem.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Files in `assets/` carry the hash of their content in their name. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'no-cache';

/** Serves the built dashboard. The page itself holds no data, so it needs no key; what it asks for does. */
export function dashboardRoutes(app: OpenAPIHono<ApiContext>, folder: string): void {
  app.get('/', async (c) => {
    const page = await readIfThere(join(folder, 'index.html'));
    if (page === undefined)
      return problem(c, 'not-found', {
        detail: `the dashboard is not built: the log of the API says why; the API itself works, see /api/v1/docs`,
      });
    return c.body(page, 200, { 'content-type': TYPES['.html']!, 'cache-control': ASK_EACH_TIME });
  });

  app.get('/:file{(?:assets/)?[\\w.-]+\\.\\w+}', async (c) => {
    const name = c.req.param('file');
    const type = TYPES[extname(name)];
    const path = join(folder, name);
    const isInside = path.startsWith(`${folder}${sep}`);
    const content = type !== undefined && isInside ? await readIfThere(path) : undefined;
    if (type === undefined || content === undefined) return c.notFound();
    const isHashed = name.startsWith('assets/');
    return c.body(content, 200, { 'content-type': type, 'cache-control': isHashed ? FOR_EVER : ASK_EACH_TIME });
  });
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch {
    return undefined;
  }
}
