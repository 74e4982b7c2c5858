import { COMMON_OPTIONS } from './arguments.ts';
import type { Command, ListedCommand, Options } from './command.ts';

const COLUMNS = 120;

const ENVIRONMENT = `Environment:
  DON_HOME          where everything lives (default .don)
  DON_PORT          port of the dashboard and the API (4000)
  DON_VENUE         simulated (default) or binance
  DON_INSTRUMENTS   such as simulated:BTCUSDT,simulated:ETHUSDT
  DON_VERIFY_AT     when everything is verified, and models are watched, each day, UTC (03:00), or off
  DON_ON_DRIFT      tell (default), or demote: a model that has drifted is demoted, and its account halted
  DON_REDIS_URL, DON_QUESTDB_URL with DON_QUESTDB_PG_URL, DON_POSTGRES_URL
                    servers of your own in place of private ones
  OTEL_EXPORTER_OTLP_ENDPOINT
                    where traces are sent`;

/** What `don --help` prints. */
export function overview(commands: readonly ListedCommand[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`);
  return `Don records Binance futures markets, derives order books and features from the recording, and serves them.

Usage: don COMMAND [ARGUMENTS] [--json] [--help]

${lines.join('\n')}

Exit status: 0 done · 1 the operation or check failed · 2 bad usage or input · 3 a server cannot be reached · 130 interrupted

${ENVIRONMENT}`;
}

/** What `don COMMAND --help` prints. */
export function commandHelp(
  { name, summary }: ListedCommand,
  { usage, description, examples, options }: Command,
): string {
  const forms = usage.map((form) => `  don ${form}`).join('\n');
  const sections = [
    `don ${name}: ${summary}`,
    ...(description === undefined ? [] : [description]),
    `Usage:\n${forms}`,
    `Flags:\n${optionLines({ ...options, ...COMMON_OPTIONS })}`,
    `Example${examples.length > 1 ? 's' : ''}:\n${examples.map((example) => `  ${example}`).join('\n')}`,
  ];
  return sections.join('\n\n');
}

function optionLines(options: Options): string {
  const rows = Object.entries(options).map(([name, { short, type, value, help, default: fallback }]) => {
    const flag = `${short === undefined ? '' : `-${short}, `}--${name}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`;
    return [flag, fallback === undefined || fallback === false ? help : `${help} (${fallback})`] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  const indent = ' '.repeat(width + 5);
  return rows.map(([flag, help]) => `  ${flag.padEnd(width)}   ${wrapped(help, indent)}`).join('\n');
}

/** Broken between words where it does not fit beside the indent. */
function wrapped(text: string, indent: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (indent.length + longer.length <= COLUMNS || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join(`\n${indent}`);
}
