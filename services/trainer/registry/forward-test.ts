import { z } from 'zod';
import { fieldRefusal } from '../../../infra/field-refusal.ts';

const text = z.string('a text').min(1, 'a text');
const count = z.int('a whole number from 0').min(0, 'a whole number from 0');
const amount = z.number('a number');
const time = z.int('ms since the epoch').min(0, 'ms since the epoch');

/** What a model did on the live market, on paper, and whether its decisions come out the same from the log. */
export const forwardTestSchema = z.strictObject(
  {
    account: text,
    session: text,
    /** `model:ID` */
    strategy: text,
    instrument: text,
    /** ms since the epoch. */
    fromMs: time,
    toMs: time,
    /** Those that were recomputed from the log. */
    decisions: count,
    /** How many of them did not come out the same. */
    differences: count,
    /** Quote asset; of the beginning and of the end. */
    initialEquity: amount.positive('a number above 0'),
    equity: amount,
    fills: count,
    liquidations: count,
  },
  'a forward test',
);
export type ForwardTest = Readonly<z.infer<typeof forwardTestSchema>>;

/** @throws BadInput naming the field, what was expected and what was found */
export function checkForwardTest(found: unknown): ForwardTest {
  const checked = forwardTestSchema.safeParse(found);
  if (checked.success) return checked.data;
  const { issues } = checked.error;
  throw fieldRefusal(issues[0]!, found, 'evaluation', () => Object.keys(forwardTestSchema.shape));
}
