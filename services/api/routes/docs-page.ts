import { html } from 'hono/html';

/** As much of an OpenAPI document as the page shows. */
export interface DocumentedApi {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: { readonly description?: string; readonly example?: unknown };
  readonly description?: string;
}

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h2 { margin-top: 2.5rem; text-transform: capitalize; }
  article { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .5rem 0 1rem; }
  h3 { margin: .5rem 0; font-size: 1rem; }
  code { font: .9em ui-monospace, monospace; background: color-mix(in srgb, currentColor 8%, transparent); padding: .1em .3em; border-radius: .2em; overflow-wrap: anywhere; }
  th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; font-weight: normal; }
  .method { font-weight: 700; }`;

/** The API described for people: every route with its parameters and answers. */
export function docsPage({ info, paths }: DocumentedApi) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = Map.groupBy(operations, ({ operation }) => operation.tags?.[0] ?? 'other');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <style>${STYLE}</style>
      </head>
      <body>
        <h1>${info.title} API</h1>
        <p>${withCode(info.description)}</p>
        <p><a href="openapi.json">openapi.json</a></p>
        ${[...groups].map(([tag, members]) => html`<h2>${tag}</h2>${members.map(article)}`)}
      </body>
    </html>`;
}

function article({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const { summary = '', description = '', parameters = [], responses } = operation;
  return html`<article>
    <h3><code><span class="method">${method.toUpperCase()}</span> ${path}</code> ${summary}</h3>
    <p>${withCode(description)}</p>
    <table>${parameters.map(parameterRow)}</table>
    <table>
      ${Object.entries(responses).map(([status, { description }]) => html`<tr><th>${status}</th><td>${withCode(description)}</td></tr>`)}
    </table>
  </article>`;
}

function parameterRow({ name, in: place, required, schema, description = schema?.description ?? '' }: Parameter) {
  const example = schema?.example === undefined ? '' : html` e.g. <code>${String(schema.example)}</code>`;
  return html`<tr>
    <th><code>${name}</code></th>
    <td>${place}${required ? ', required' : ''}</td>
    <td>${withCode(description)}${example}</td>
  </tr>`;
}

/** Text between backquotes as code. */
function withCode(text: string) {
  return text.split('`').map((part, n) => (n % 2 === 0 ? part : html`<code>${part}</code>`));
}
