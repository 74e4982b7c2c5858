import { nearestName } from '../../infra/nearest-name.ts';
import { BadInput } from '../../infra/setup-error.ts';
import {
  DEFAULT_RISK_LIMITS,
  RISK_LIMIT_SAYS,
  type RiskLimits,
  riskLimits,
  type SaidLimits,
} from '../../operators/risk/risk-limits.ts';

/** The flag `--risk NAME=VALUE`. */
export const RISK_OPTION = {
  risk: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: `a limit that stops orders, may be given several times: ${Object.entries(RISK_LIMIT_SAYS)
      .map(([name, says]) => `${name} (${says})`)
      .join('; ')}`,
  },
} as const;

/**
 * The limits as they were said, by name.
 * @throws BadInput that names the limit
 */
export function readRiskPairs(pairs: readonly string[]): SaidLimits {
  const said: Record<string, number | 'off'> = {};
  for (const pair of pairs) {
    const [, name, value] = /^(\w+)=(\d+(?:\.\d+)?|off)$/.exec(pair) ?? [];
    if (name === undefined) throw new BadInput(`--risk: expected NAME=VALUE such as maxPosition=0.5, found ${pair}`);
    if (!Object.hasOwn(DEFAULT_RISK_LIMITS, name)) {
      const names = Object.keys(DEFAULT_RISK_LIMITS);
      const near = nearestName(name, names);
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      throw new BadInput(`--risk: expected one of ${names.join(', ')}, found ${name}${hint}`);
    }
    said[name] = value === 'off' ? value : Number(value);
  }
  try {
    riskLimits(said);
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(`--risk: ${error.message}`) : error;
  }
  return said;
}

/** @throws BadInput that names the limit */
export function readRisk(pairs: readonly string[]): RiskLimits {
  return riskLimits(readRiskPairs(pairs));
}
