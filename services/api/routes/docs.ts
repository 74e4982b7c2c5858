import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiContext } from '../http/environment.ts';
import { type DocumentedApi, docsPage } from './docs-page.ts';

const INFO = {
  openapi: '3.1.0',
  info: {
    title: 'Don',
    version: '1',
    description: [
      'Times are µs since the epoch; where a time is asked for, RFC 3339, `-15m` or an entry id is taken.',
      'Prices and quantities are decimal strings. Lists are `{"items":[…],"nextCursor":…}`.',
      'Send the key of DON_HOME/api-key as `Authorization: Bearer don_…`.',
    ].join(' '),
  },
  security: [{ key: [] }],
};

/** The API's own description, as OpenAPI and as a page that loads nothing from anywhere. */
export function docsRoutes(app: OpenAPIHono<ApiContext>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'The key that set-up made, or in a browser the session cookie of a login link',
  });
  let described: DocumentedApi | undefined;
  const describe = (): DocumentedApi => {
    described ??= JSON.parse(JSON.stringify(app.getOpenAPI31Document(INFO))) as DocumentedApi;
    return described;
  };

  app.get('/api/v1/openapi.json', (c) => c.json(describe()));
  app.get('/api/v1/docs', (c) => c.html(docsPage(describe())));
}
