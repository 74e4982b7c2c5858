import { z } from 'zod';
import { fieldRefusal } from '../../../infra/field-refusal.ts';

const text = z.string('a text').min(1, 'a text');
const count = z.int('a whole number from 0').min(0, 'a whole number from 0');
const amount = z.number('a number');
const time = z.int('ms since the epoch').min(0, 'ms since the epoch');

const forwardSessionSchema = z.strictObject(
  {
    session: text,
    /** ms since the epoch: from when on it could trade, and where it ended. */
    fromMs: time,
    toMs: time,
    /** How long of that it was halted. */
    haltedMs: time.default(0),
    /** Those that were recomputed from the log. */
    decisions: count,
    /** How many of them did not come out the same. */
    differences: count,
    /** Quote asset; of the beginning and of the end. */
    initialEquity: amount.positive('a number above 0'),
    equity: amount,
    fills: count,
    liquidations: count,
    /** Why it cannot be run again, so that its figures are the ledger's; null: they came out of the log. */
    obstacle: text.nullable(),
  },
  'a session of a forward test',
);
/** What a model did in one session. */
export type ForwardSession = Readonly<z.infer<typeof forwardSessionSchema>>;

/** What a model did on the live market, on paper, and whether its decisions come out the same from the log. */
const forwardTestSchema = z.strictObject(
  {
    account: text,
    /** `model:ID` */
    strategy: text,
    instrument: text,
    /** In order of time. */
    sessions: z
      .array(forwardSessionSchema, 'a list of sessions')
      .min(1, 'at least one session')
      .refine(
        (sessions) => sessions.every(({ fromMs }, n) => n === 0 || fromMs >= sessions[n - 1]!.toMs),
        'sessions that follow each other',
      ),
    /** Sessions of the account that are not among them. */
    leftOut: z.strictObject(
      {
        /** In which something else traded, or on another instrument. */
        others: count,
        /** Of the model, that were begun before it came to paper. */
        earlier: count,
        /** Of the model, with real money. */
        live: count,
      },
      'sessions that were left out',
    ),
  },
  'a forward test',
);
export type ForwardTest = Readonly<z.infer<typeof forwardTestSchema>>;

/** What the sessions of a forward test come to together. */
export interface ForwardSum {
  /** From the first session's beginning to the last one's end, ms since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Of sessions that were run again; the time between sessions, and while they were halted, is not traded. */
  readonly tradedMs: number;
  readonly decisions: number;
  readonly differences: number;
  /** Those that could not be run again. */
  readonly unverified: number;
  readonly fills: number;
  readonly liquidations: number;
  /** Of the sessions' returns, one behind the other: −0.01 is a loss of 1 %. Of what was not run again only a loss counts. */
  readonly total: number;
}

export function forwardSum({ sessions }: Pick<ForwardTest, 'sessions'>): ForwardSum {
  const verified = sessions.filter(({ obstacle }) => obstacle === null);
  const sum = (of: (session: ForwardSession) => number, over = verified): number =>
    over.reduce((so, session) => so + of(session), 0);
  const growth = sessions.reduce((so, { equity, initialEquity, obstacle }) => {
    const factor = equity / initialEquity;
    return so * (obstacle === null ? factor : Math.min(1, factor));
  }, 1);
  return {
    fromMs: sessions[0]!.fromMs,
    toMs: sessions.at(-1)!.toMs,
    tradedMs: sum(({ fromMs, toMs, haltedMs }) => Math.max(0, toMs - fromMs - haltedMs)),
    decisions: sum(({ decisions }) => decisions),
    differences: sum(({ differences }) => differences),
    unverified: sessions.length - verified.length,
    fills: sum(({ fills }) => fills),
    // A liquidation is one, whoever says so.
    liquidations: sum(({ liquidations }) => liquidations, [...sessions]),
    total: growth - 1,
  };
}

/** @throws BadInput naming the field, what was expected and what was found */
export function checkForwardTest(found: unknown): ForwardTest {
  const checked = forwardTestSchema.safeParse(found);
  if (checked.success) return checked.data;
  const { issues } = checked.error;
  throw fieldRefusal(issues[0]!, found, 'evaluation', ([first]) => {
    if (first === 'sessions') return Object.keys(forwardSessionSchema.shape);
    if (first === 'leftOut') return Object.keys(forwardTestSchema.shape.leftOut.shape);
    return Object.keys(forwardTestSchema.shape);
  });
}
