import { z } from '@hono/zod-openapi';

const problemDocument = z
  .object({
    type: z.string().openapi({ example: 'urn:don:problem:bad-request' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().openapi({ example: 'limit: expected an integer from 1 to 10000, found 0' }),
    instance: z.string(),
    requestId: z.string(),
    errors: z
      .array(z.object({ field: z.string(), expected: z.string(), found: z.string().nullable() }))
      .optional()
      .openapi({ description: 'One for each part of the request that was not as expected' }),
  })
  .openapi('Problem');

export const problems = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemDocument } },
});

/** What every route behind the key can answer beside its own answers. */
const COMMON = {
  400: problems('A parameter is not as expected'),
  401: problems('No valid key or session'),
  429: problems('Too many requests; `retry-after` says when to go on'),
  503: problems('A server that the answer needs cannot be reached'),
};

export function answers<Own extends object>(own: Own): Own & typeof COMMON {
  return { ...own, ...COMMON };
}

export const notFound = problems('There is no such instrument or recording');

export function json<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}
