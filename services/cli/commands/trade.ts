import { writeFile } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { nearestName } from '../../../infra/nearest-name.ts';
import { connectPostgres } from '../../../infra/postgres.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import type { LedgerCommand } from '../../../operators/ledger/ledger-event.ts';
import { saidLimits } from '../../../operators/risk/risk-limits.ts';
import { listAccounts } from '../../../streams/ledger.ts';
import { readStatus } from '../../../streams/status.ts';
import { reportHtml } from '../../backtest/report/page/report-html.ts';
import { reportText } from '../../backtest/report/report-text.ts';
import { summarise } from '../../backtest/report/summarise.ts';
import { openAccountLedger } from '../../trader/account-ledger.ts';
import type { AccountStatus } from '../../trader/account-status.ts';
import { assumedOtherwise } from '../../trader/assumed-otherwise.ts';
import { modelDrift } from '../../trader/drift/model-drift.ts';
import { DEMONSTRATION_ACCOUNT } from '../../trader/open-demonstration.ts';
import { isTold, readAccountStatus } from '../../trader/read-account-status.ts';
import { sessionResult } from '../../trader/session-result.ts';
import { sessionSettings } from '../../trader/session-settings.ts';
import { tellTrader } from '../../trader/tell-trader.ts';
import { verifySession } from '../../trader/verify-session.ts';
import { readModel } from '../../trainer/model/model-folder.ts';
import { MODEL_PREFIX } from '../../trainer/model/model-strategy.ts';
import { findModel } from '../../trainer/registry/find-model.ts';
import { ensureModelFile } from '../../trainer/registry/stored-model.ts';
import { type Context, command, type Values } from '../command.ts';
import { driftText } from '../drift-text.ts';
import { RISK_OPTION, readRisk } from '../risk-option.ts';
import { readSet } from '../set-option.ts';
import { tradingText, verificationText } from '../trading-text.ts';

const ACTIONS = ['start', 'status', 'halt', 'resume', 'stop', 'verify', 'report', 'drift'] as const;
type Action = (typeof ACTIONS)[number];
/** How long a command that was written may take to be obeyed before that is said. */
const OBEYED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 200;

const OPTIONS = {
  account: {
    type: 'string',
    value: 'NAME',
    help: `whose ledger; ${DEMONSTRATION_ACCOUNT} where not said, status: all`,
  },
  mode: {
    type: 'string',
    value: 'MODE',
    default: 'paper',
    help: 'start: paper, simulated orders on the live market, or live, real ones',
  },
  confirm: { type: 'string', value: 'NAME', help: 'start --mode live: the account’s name once more' },
  instrument: { type: 'string', value: 'I', help: 'start: venue:SYMBOL, one that is recorded' },
  model: { type: 'string', value: 'MODEL', help: 'start: a registered model in place of a strategy (don models list)' },
  set: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'start: a parameter of the strategy' },
  ...RISK_OPTION,
  balance: { type: 'string', value: 'N', default: '10000', help: 'start: what the account begins with, quote asset' },
  leverage: { type: 'string', value: 'N', default: '5', help: 'start: leverage of the instrument' },
  'fee-tier': { type: 'string', value: 'N', default: '0', help: 'start: VIP level of the account' },
  queue: { type: 'string', value: 'NAME', default: 'risk-averse', help: 'start: queue model' },
  latency: { type: 'string', value: 'MS,MS[,σ]', default: '5,5', help: 'start: to the exchange and back' },
  seed: { type: 'string', value: 'N', default: '1', help: 'start: of what is left to chance' },
  flatten: { type: 'boolean', help: 'halt, stop: close the position too' },
  reason: { type: 'string', value: 'TEXT', default: '', help: 'halt: why, for those who read it later' },
  html: { type: 'string', value: 'FILE', help: 'report: writes it as a page of its own too' },
} as const;
type Flags = Values<typeof OPTIONS>;

export default command({
  usage: [
    'trade start STRATEGY --instrument I [--account NAME] [--set NAME=VALUE]… [--risk NAME=VALUE]…',
    'trade start --model MODEL [--instrument I] [--account NAME] …',
    'trade start STRATEGY --mode live --account NAME --confirm NAME --instrument I …',
    'trade status [--account NAME]',
    'trade halt [--account NAME] [--flatten] [--reason TEXT]',
    'trade resume [--account NAME]',
    'trade stop [--account NAME] [--flatten]',
    'trade verify [--account NAME]',
    'trade report [--account NAME] [--html FILE]',
    'trade drift [--account NAME]',
  ],
  description: `Trades on the live market, on paper, or with --mode live at the exchange (docs/trading.md, Live). On paper: the same
strategy, account, queues, fees and latency as don backtest, fed from the log as it grows, a second behind. All that is
told and done is in the account's ledger (don export ledger); what was halted stays so over restarts.
halt is the kill switch: it cancels every order, with --flatten closes the position, and lets none through until resume.
verify runs the last session again from the log and compares it with the ledger, to the last bit; it ends with 1 where
they differ, with 2 where there is nothing to compare. report tells of the last paper session what a backtest tells of
its run. drift tells whether what a model sees, and what it gains, is as in its training and test; it ends with 1
where it is not.`,
  examples: [
    'don trade start market-maker --instrument simulated:BTCUSDT --account mm --risk maxPosition=0.05',
    'don trade start --model simulated-btcusdt-5m@paper --account agent',
    'don trade status',
    'don trade halt --account mm --flatten --reason "spread too wide"',
  ],
  options: OPTIONS,
  async run(context) {
    const [found, ...others] = context.positionals;
    const action = checkAction(found);
    const strategy = checkStrategy(action, others, context.values.model);
    const { redisUrl } = await context.servers('redis');
    const redis = await connectRedis(redisUrl);
    try {
      if (action === 'status') return await status(context, redis);
      if (action === 'verify') return await verify(context, redis);
      if (action === 'report') return await report(context, redis);
      if (action === 'drift') return await driftOf(context, redis);
      return await tell(context, redis, await commandOf(action, strategy, context));
    } finally {
      redis.disconnect();
    }
  },
});

async function commandOf(
  action: Action,
  strategy: string | undefined,
  context: Context & { readonly values: Flags },
): Promise<LedgerCommand> {
  const flags = context.values;
  const said = { by: 'cli', timeMs: Date.now() };
  if (action === 'halt') return { type: 'halt', ...said, flattens: flags.flatten, reason: flags.reason };
  if (action === 'stop') return { type: 'stop', ...said, flattens: flags.flatten };
  if (action === 'resume') return { type: 'resume', ...said };
  const model = flags.model === undefined ? undefined : await modelToTrade(context, flags.model);
  const settings = await sessionSettings({
    instrument: flags.instrument ?? model?.instrument,
    strategy: model?.strategy ?? strategy,
    mode: flags.mode,
    parameters: readSet(flags.set),
    queue: flags.queue,
    latency: flags.latency,
    seed: Number(flags.seed),
    balance: Number(flags.balance),
    leverage: Number(flags.leverage),
    feeTier: Number(flags['fee-tier']),
    limits: saidLimits(readRisk(flags.risk)),
  });
  if (settings.strategy.startsWith(MODEL_PREFIX)) {
    const { lineage } = readModel(context.config.home, settings.strategy.slice(MODEL_PREFIX.length));
    for (const sentence of assumedOtherwise(lineage, settings)) context.say(sentence);
  }
  return { type: 'start', ...said, settings, ...confirmationOf(flags) };
}

/**
 * A registered model as a strategy, with its file in the home.
 * @throws BadInput where there is none, or it is not in the stage that the mode asks for
 */
async function modelToTrade(context: Context & { readonly values: Flags }, ref: string) {
  const { mode } = context.values;
  const { postgresUrl } = await context.servers('postgres');
  const pool = await connectPostgres(postgresUrl);
  try {
    const record = await findModel(pool, ref);
    if (record.stage !== 'live' && (mode === 'live' || record.stage !== 'paper'))
      throw new BadInput(
        `--model: expected one in stage ${mode === 'live' ? 'live' : 'paper or live'}, found ${record.name}:v${record.number} (${record.id}), which is ${record.stage}; see don models promote`,
      );
    await ensureModelFile(pool, context.config.home, record.id);
    return { strategy: `${MODEL_PREFIX}${record.id}`, instrument: record.instrument };
  } finally {
    await pool.end();
  }
}

/** @throws BadInput where a live session is not confirmed */
function confirmationOf({ mode, account, confirm }: Flags): { readonly confirms?: string } {
  if (mode !== 'live') return {};
  if (account === undefined)
    throw new BadInput('--account: expected the name of an account to trade live for, found none');
  if (confirm !== account)
    throw new BadInput(
      `--confirm: expected ${account}, the account’s name, to trade with real money; found ${confirm ?? 'nothing'}`,
    );
  return { confirms: confirm };
}

/** Writes the command, and waits until it is obeyed, which a trader that is not there does when it comes. */
async function tell(context: Context & { readonly values: Flags }, redis: Redis, told: LedgerCommand): Promise<number> {
  const { account = DEMONSTRATION_ACCOUNT } = context.values;
  if (told.type !== 'start' && !(await listAccounts(redis)).includes(account))
    throw new BadInput(`--account: expected one that has traded, found ${account}; see don trade status`);
  const commandId = await tellTrader(redis, account, told);
  const isObeyed = await untilObeyed(redis, account, commandId, told);
  const found = await readAccountStatus(redis, account);
  if (context.json) context.print(JSON.stringify({ account, commandId, obeyed: isObeyed, status: found }));
  else if (!isObeyed)
    context.print(
      !(await isThere(redis, found))
        ? `${account} is told to ${told.type}: it holds, and will be obeyed once a trader runs (npm start).`
        : `${account} is told to ${told.type}; it is ${found.state}${found.reason === null ? '' : `: ${found.reason}`}.`,
    );
  else context.print(tradingText([found]));
  return found.state === 'failed' ? 1 : 0;
}

/** Whether it was, as the trader has told since. */
async function untilObeyed(redis: Redis, account: string, commandId: string, told: LedgerCommand): Promise<boolean> {
  const ledger = await openAccountLedger(redis, account);
  let takenMs = Number.POSITIVE_INFINITY;
  for (const untilMs = Date.now() + OBEYED_WITHIN_MS; Date.now() < untilMs; ) {
    const found = await readAccountStatus(redis, account);
    if (!(await isThere(redis, found))) return false;
    if (found.timeMs > takenMs && found.state === 'failed') return false;
    if (found.timeMs > takenMs && (told.type !== 'stop' || found.session === null)) return true;
    // Where nothing runs there is nothing to be done, but that a stop clears a failure.
    const isSeen = told.type !== 'start' && found.session === null && found.timeMs > told.timeMs;
    if (isSeen && (told.type !== 'stop' || found.state === 'stopped')) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    await ledger.reread();
    if (ledger.state.taken.has(commandId)) takenMs = Math.min(takenMs, Date.now());
  }
  return false;
}

/** Whether a trader is there; it takes up a new account within a second. */
async function isThere(redis: Redis, found: AccountStatus): Promise<boolean> {
  return isTold(found) || (await readStatus(redis, 'trader')) !== undefined;
}

async function status({ json, print, values }: Context & { readonly values: Flags }, redis: Redis): Promise<number> {
  const names = await listAccounts(redis);
  if (values.account !== undefined && !names.includes(values.account))
    throw new BadInput(
      `--account: expected one that has traded${names.length === 0 ? '' : `: ${names.join(', ')}`}, found ${values.account}`,
    );
  const found = await Promise.all(names.map((account) => readAccountStatus(redis, account)));
  const shown = found.filter(({ account }) => values.account === undefined || account === values.account);
  print(json ? JSON.stringify({ items: shown }) : tradingText(shown));
  return 0;
}

async function verify({ json, print, values }: Context & { readonly values: Flags }, redis: Redis): Promise<number> {
  const { account = DEMONSTRATION_ACCOUNT } = values;
  const found = await verifySession(redis, account);
  if (found === undefined) throw new BadInput(`--account: expected one that has traded, found ${account}`);
  print(json ? JSON.stringify(found) : verificationText(found));
  if (found.obstacle !== null) return 2;
  return found.difference === null ? 0 : 1;
}

async function report({ json, print, values }: Context & { readonly values: Flags }, redis: Redis): Promise<number> {
  const { account = DEMONSTRATION_ACCOUNT, html } = values;
  const result = await sessionResult(redis, account);
  const found = summarise(result);
  if (html !== undefined) await writeFile(html, reportHtml(found, result));
  print(json ? JSON.stringify(found) : reportText(found));
  return 0;
}

async function driftOf(context: Context & { readonly values: Flags }, redis: Redis): Promise<number> {
  const { json, print, values, config } = context;
  const found = await modelDrift(redis, values.account ?? DEMONSTRATION_ACCOUNT, config.home);
  print(json ? JSON.stringify(found) : driftText(found));
  return found.alarms.length === 0 ? 0 : 1;
}

function checkAction(found: string | undefined): Action {
  const known = ACTIONS.find((action) => action === found);
  if (known !== undefined) return known;
  const near = found === undefined ? undefined : nearestName(found, ACTIONS);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new BadInput(`don trade: expected ${ACTIONS.join(', ')}, found ${found ?? 'nothing'}${hint}`);
}

function checkStrategy(action: Action, others: readonly string[], model: string | undefined): string | undefined {
  if (model !== undefined && action !== 'start') throw new BadInput('--model: expected with trade start only');
  const takesOne = action === 'start' && model === undefined;
  if (others.length === (takesOne ? 1 : 0)) return others[0];
  const expected = takesOne ? 'one STRATEGY, or --model' : 'flags only';
  throw new BadInput(`don trade ${action}: expected ${expected}, found ${others.join(' ') || 'none'}`);
}
