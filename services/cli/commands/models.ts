import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type pg from 'pg';
import { migrate } from '../../../infra/migrations.ts';
import { nearestName } from '../../../infra/nearest-name.ts';
import { connectPostgres } from '../../../infra/postgres.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { BadInput } from '../../../infra/setup-error.ts';
import { decodeModel, encodeModel, modelId } from '../../trainer/model/model.ts';
import type { StageChanged } from '../../trainer/registry/change-stage.ts';
import { demoteModel } from '../../trainer/registry/demote-model.ts';
import { findModel, listModels, stagesOf } from '../../trainer/registry/find-model.ts';
import { changeJson, modelJson } from '../../trainer/registry/model-json.ts';
import { STAGES } from '../../trainer/registry/model-record.ts';
import { onPaperSince } from '../../trainer/registry/on-paper-since.ts';
import { promoteModel } from '../../trainer/registry/promote-model.ts';
import { registerModel } from '../../trainer/registry/register-model.ts';
import { changedText, modelsText, modelText } from '../../trainer/registry/registry-text.ts';
import { rollBackModel } from '../../trainer/registry/roll-back-model.ts';
import { checkActs, ensureModelFile, readStoredModel } from '../../trainer/registry/stored-model.ts';
import { type Context, command, type Values } from '../command.ts';

const ACTIONS = ['list', 'show', 'promote', 'demote', 'rollback', 'export', 'import'] as const;
type Action = (typeof ACTIONS)[number];
/** What each is of. */
const OF: Readonly<Record<Action, string | undefined>> = {
  list: undefined,
  show: 'MODEL',
  promote: 'MODEL',
  demote: 'MODEL',
  rollback: 'NAME',
  export: 'MODEL',
  import: 'FILE',
};

const OPTIONS = {
  name: { type: 'string', value: 'NAME', help: 'list: only models of it; import: the line of models that it joins' },
  stage: {
    type: 'string',
    value: 'S',
    help: 'list: only those in it; rollback: paper or live, live where one has been',
  },
  to: {
    type: 'string',
    value: 'S',
    help: 'promote: paper or live, the next one if not said; demote: archived or candidate',
  },
  why: {
    type: 'string',
    value: 'TEXT',
    help: 'promote, demote: for those who read it later; rollback: if there is more to say',
  },
  account: {
    type: 'string',
    value: 'NAME',
    help: 'promote to live: whose paper sessions since then are its forward test',
  },
  evaluation: { type: 'string', value: 'FILE', help: 'promote to live: a forward test as JSON, in place of --account' },
  force: { type: 'boolean', help: 'promote: whatever the rules say; the history keeps which were broken' },
  out: { type: 'string', value: 'FOLDER', help: 'export: a new or empty folder' },
} as const;

type Work = Context & { readonly values: Values<typeof OPTIONS> };

export default command({
  usage: [
    'models list [--name NAME] [--stage S]',
    'models show MODEL',
    'models promote MODEL --why TEXT [--to paper|live] [--account NAME] [--force]',
    'models demote MODEL --why TEXT [--to archived|candidate]',
    'models rollback NAME [--stage paper|live] [--why TEXT]',
    'models export MODEL --out FOLDER',
    'models import FILE [--name NAME]',
  ],
  description: `The registry of trained models: where each comes from, what it was worth on a span that nothing was learned of, and
how far it has come: candidate, paper, live, archived. Of a name one model is on paper and one live. MODEL is an id or
its first digits, NAME:v3, NAME@live (or @paper, @candidate), or NAME: the one that is live, else on paper, else the
newest candidate; what changes a model wants to know exactly which. promote asks for a fair test and a better return
than never trading; to live, for an edge that is no luck and a week on paper whose decisions come out the same from
the log (docs/training.md, Models). rollback brings back the one before. A model trades as the strategy model:ID.`,
  examples: [
    'don models list --stage paper',
    'don models show btc-trend',
    'don models promote btc-trend:v3 --why "beats v2 by its test"',
    'don models promote btc-trend@paper --account trend --why "a week on paper"',
    'don models rollback btc-trend',
    'don models export btc-trend:v3 --out exported',
  ],
  options: OPTIONS,
  async run(context) {
    const [found, ...others] = context.positionals;
    const action = checkAction(found);
    const of = checkOf(action, others);
    checkFlags(action, context.values);
    const { postgresUrl } = await context.servers('postgres');
    const pool = await connectPostgres(postgresUrl);
    try {
      await migrate(pool);
      await RUN[action](context, pool, of);
    } finally {
      await pool.end();
    }
    return 0;
  },
});

const RUN: Readonly<Record<Action, (work: Work, pool: pg.Pool, of: string) => Promise<void>>> = {
  async list({ values, json, print }, pool) {
    const stage = values.stage === undefined ? undefined : choose('--stage', values.stage, STAGES);
    const models = await listModels(pool, { name: values.name, stage });
    print(json ? JSON.stringify({ items: models.map(modelJson) }) : modelsText(models, { name: values.name, stage }));
  },

  async show({ json, print }, pool, ref) {
    const record = await findModel(pool, ref);
    const changes = await stagesOf(pool, record.id);
    print(
      json ? JSON.stringify({ ...modelJson(record), history: changes.map(changeJson) }) : modelText(record, changes),
    );
  },

  async promote(work, pool, model) {
    const { to, why, force: isForced } = work.values;
    const promotion = {
      model,
      to: to === undefined ? undefined : choose('--to', to, ['paper', 'live'] as const),
      evaluation: await evaluationOf(work, pool, model),
      isForced,
      ...reason(why),
    };
    const changed = await promoteModel(pool, promotion);
    tell(work, changed);
    const { name, stage } = changed.record;
    if (stage === 'paper') work.say(`It trades by don trade start --model ${name}@paper --account NAME.`);
  },

  async demote(work, pool, model) {
    const { to, why } = work.values;
    const chosen = to === undefined ? undefined : choose('--to', to, ['archived', 'candidate'] as const);
    tell(work, await demoteModel(pool, { model, to: chosen, ...reason(why) }));
  },

  async rollback(work, pool, name) {
    const { stage, why = 'rolled back' } = work.values;
    const chosen = stage === undefined ? undefined : choose('--stage', stage, ['paper', 'live'] as const);
    tell(work, await rollBackModel(pool, { name, stage: chosen, ...reason(why) }));
  },

  async export({ values: { out }, json, print }, pool, ref) {
    if (out === undefined) throw new BadInput('--out: expected a new or empty folder, found nothing');
    const { id, ...record } = await findModel(pool, ref);
    const { exportModel } = await import('../../trainer/registry/export-model.ts');
    const files = await exportModel(id, await readStoredModel(pool, id), out);
    print(
      json
        ? JSON.stringify({ model: id, folder: out, files })
        : `${record.name}:v${record.number} (${id}) is in ${out}: ${files.join(', ')}.`,
    );
  },

  async import({ values: { name }, json, print, config }, pool, file) {
    const model = decodeModel(file, read(file));
    checkActs(modelId(encodeModel(model)), model);
    const { record, isNew } = await registerModel(pool, config.home, model, { name, who: user() });
    const verb = isNew ? 'is registered' : 'was registered already';
    print(
      json
        ? JSON.stringify({ ...modelJson(record), new: isNew })
        : `${record.name}:v${record.number} (${record.id}) ${verb}; it is ${record.stage}.`,
    );
  },
};

/** The forward test, of a file or of an account's sessions, which are run again for it. */
async function evaluationOf({ values, servers, say, config }: Work, pool: pg.Pool, ref: string): Promise<unknown> {
  const { evaluation: file, account } = values;
  if (file !== undefined && account !== undefined)
    throw new BadInput('--evaluation: expected it in place of --account, found both');
  if (file !== undefined) {
    try {
      return JSON.parse(read(file));
    } catch (error) {
      if (error instanceof SyntaxError) throw new BadInput(`${file}: expected JSON, found ${error.message}`);
      throw error;
    }
  }
  if (account === undefined) return undefined;
  const { id, instrument } = await findModel(pool, ref, { isExact: true });
  await ensureModelFile(pool, config.home, id);
  const { redisUrl } = await servers('redis');
  const { forwardTestOf } = await import('../../trainer/registry/forward-test-of.ts');
  const redis = await connectRedis(redisUrl);
  try {
    say(`running the sessions of ${account} in which it traded again`);
    return await forwardTestOf(redis, account, {
      model: id,
      instrument,
      sinceMs: onPaperSince(await stagesOf(pool, id)),
    });
  } finally {
    redis.disconnect();
  }
}

function tell({ json, print }: Work, changed: StageChanged): void {
  const { record, replaced } = changed;
  if (!json) print(changedText(changed));
  else print(JSON.stringify({ ...modelJson(record), replaced: replaced === null ? null : modelJson(replaced) }));
}

function reason(why: string | undefined): { readonly who: string; readonly why: string } {
  if (why === undefined) throw new BadInput('--why: expected a reason, found nothing');
  return { who: user(), why };
}

/** Who runs this. */
function user(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadInput(
      `${file}: expected a file that can be read, found ${error instanceof Error ? error.message : error}`,
    );
  }
}

function checkAction(found: string | undefined): Action {
  return choose('don models', found, ACTIONS);
}

function checkOf(action: Action, others: readonly string[]): string {
  const what = OF[action];
  const [first, ...rest] = others;
  const isRight = what === undefined ? first === undefined : first !== undefined && rest.length === 0;
  if (isRight) return first ?? '';
  throw new BadInput(
    `don models ${action}: expected ${what === undefined ? 'flags only' : `one ${what}`}, found ${others.join(' ') || 'none'}`,
  );
}

/** Flags of other actions would do nothing. */
const FLAGS: Readonly<Record<Action, readonly (keyof typeof OPTIONS)[]>> = {
  list: ['name', 'stage'],
  show: [],
  promote: ['to', 'why', 'account', 'evaluation', 'force'],
  demote: ['to', 'why'],
  rollback: ['stage', 'why'],
  export: ['out'],
  import: ['name'],
};

function checkFlags(action: Action, values: Work['values']): void {
  for (const flag of Object.keys(OPTIONS) as (keyof typeof OPTIONS)[]) {
    const isSaid = values[flag] !== undefined && values[flag] !== false;
    if (!isSaid || FLAGS[action].includes(flag)) continue;
    const expected = FLAGS[action].map((known) => `--${known}`).join(', ') || 'no flags';
    throw new BadInput(`don models ${action}: expected ${expected}, found --${flag}`);
  }
}

function choose<Name extends string>(at: string, found: string | undefined, names: readonly Name[]): Name {
  const known = names.find((name) => name === found);
  if (known !== undefined) return known;
  const near = found === undefined ? undefined : nearestName(found, names);
  throw new BadInput(
    `${at}: expected ${names.join(', ')}, found ${found ?? 'nothing'}${near === undefined ? '' : `; did you mean ${near}?`}`,
  );
}
