import { z } from '@hono/zod-openapi';
import type { ColumnKind, Dataset } from './datasets.ts';

const SCHEMAS: Readonly<Record<ColumnKind, z.ZodType>> = {
  time: z.number().int().nullable().openapi({ description: 'µs since the epoch' }),
  integer: z.number().int().nullable(),
  price: z.string().nullable().openapi({ description: 'Decimal text', example: '59000.10' }),
  qty: z.string().nullable().openapi({ description: 'Decimal text', example: '0.001' }),
  decimal: z.string().nullable().openapi({ description: 'Decimal text' }),
  number: z.number().nullable(),
  text: z.string().nullable(),
};

/** What a row of the dataset looks like in JSON. */
export function rowSchema({ table, columns }: Dataset) {
  return z.object(Object.fromEntries(columns.map(({ name, kind }) => [name, SCHEMAS[kind]]))).openapi(`Row_${table}`);
}
