import type { AccountEvent, Fill, FundingSettled, Liquidation } from '../../../operators/account/account-event.ts';
import type { LeverageBracket } from '../../../operators/account/brackets.ts';

// The account once more, from its rules and by whole numbers of any size, so that nothing of the other's arithmetic is
// trusted. It believes every event.

/** `numerator` ÷ `divisor`, rounded half away from zero. */
export function roundedQuotient(numerator: bigint, divisor: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const quotient = (2n * size + divisor) / (2n * divisor);
  return numerator < 0n ? -quotient : quotient;
}

const E8 = 100_000_000n;

export interface BigInstrument {
  /** Tick and step as fractions. */
  readonly tick: readonly [bigint, bigint];
  readonly step: readonly [bigint, bigint];
  readonly brackets: readonly LeverageBracket[];
  /** In 1e-8. */
  readonly liquidationFeeRate: bigint;
}

export interface BigPosition {
  steps: bigint;
  cost: bigint;
  isolatedWallet: bigint;
  /** The cost as a fraction that is never rounded. */
  exactCost: [bigint, bigint];
}

/** Money in 1e-8. */
export class BigAccount {
  wallet = 0n;
  deposited = 0n;
  withdrawn = 0n;
  realised = 0n;
  /** Realised profit as a fraction that is never rounded. */
  exactRealised: [bigint, bigint] = [0n, 1n];
  partialCloses = 0n;
  fees = 0n;
  funding = 0n;
  liquidationFees = 0n;
  insurance = 0n;
  /** Signed notionals of all fills, by instrument. */
  readonly bought = new Map<string, bigint>();
  readonly positions = new Map<string, BigPosition>();
  readonly marks = new Map<string, bigint>();
  readonly leverage = new Map<string, bigint>();
  readonly isolated = new Map<string, boolean>();
  makerRate = 20_000n;
  takerRate = 50_000n;
  private readonly instruments: Readonly<Record<string, BigInstrument>>;

  constructor(instruments: Readonly<Record<string, BigInstrument>>) {
    this.instruments = instruments;
  }

  position(instrument: string, side: string): BigPosition {
    const key = `${instrument}/${side}`;
    const found = this.positions.get(key) ?? { steps: 0n, cost: 0n, isolatedWallet: 0n, exactCost: [0n, 1n] };
    this.positions.set(key, found);
    return found;
  }

  notional(instrument: string, ticks: bigint, steps: bigint): bigint {
    const { tick, step } = this.instruments[instrument]!;
    return roundedQuotient(ticks * tick[0] * steps * step[0] * E8, tick[1] * step[1]);
  }

  value(instrument: string, steps: bigint, mark = this.marks.get(instrument) ?? 0n): bigint {
    const { step } = this.instruments[instrument]!;
    return roundedQuotient(steps * step[0] * mark, step[1]);
  }

  maintenance(instrument: string, value: bigint): bigint {
    const size = value < 0n ? -value : value;
    const rows = this.instruments[instrument]!.brackets;
    const row = rows.find(({ notionalCap }) => size <= BigInt(notionalCap) * E8) ?? rows.at(-1)!;
    if (size === 0n) return 0n;
    return (
      roundedQuotient(size * BigInt(Math.round(row.maintMarginRatio * 1e8)), E8) - BigInt(Math.round(row.cum * 1e8))
    );
  }

  /** Unrealised profit of all positions. */
  unrealised(isCounted: (instrument: string) => boolean = () => true): bigint {
    let sum = 0n;
    for (const [key, { steps, cost }] of this.positions) {
      const instrument = key.slice(0, key.lastIndexOf('/'));
      if (isCounted(instrument)) sum += this.value(instrument, steps) - cost;
    }
    return sum;
  }

  isolatedSum(): bigint {
    return [...this.positions.values()].reduce((sum, { isolatedWallet }) => sum + isolatedWallet, 0n);
  }

  apply(event: AccountEvent): void {
    switch (event.type) {
      case 'deposit':
        this.deposited += BigInt(event.amountE8);
        this.wallet += BigInt(event.amountE8);
        return;
      case 'withdrawal':
        this.withdrawn += BigInt(event.amountE8);
        this.wallet -= BigInt(event.amountE8);
        return;
      case 'leverageSet':
        this.leverage.set(event.instrument, BigInt(event.leverage));
        return;
      case 'marginTypeSet':
        this.isolated.set(event.instrument, event.marginType === 'isolated');
        return;
      case 'isolatedMarginMoved': {
        const amount = BigInt(event.amountE8) * (event.direction === 'add' ? 1n : -1n);
        this.position(event.instrument, event.positionSide).isolatedWallet += amount;
        return;
      }
      case 'markPrice':
        this.marks.set(event.instrument, BigInt(event.markPriceE8));
        return;
      case 'fill':
        this.fill(event);
        return;
      case 'fundingSettled':
        this.settle(event);
        return;
      case 'liquidation':
        this.liquidate(event);
        return;
      case 'orderOpened':
      case 'orderEnded':
      case 'positionModeSet':
      case 'feeTierSet':
        return;
    }
  }

  /** Closes steps at a signed notional, and gives what it lets go of an isolated wallet. */
  private close(position: BigPosition, steps: bigint, signedNotional: bigint): { realised: bigint; released: bigint } {
    const held = position.steps < 0n ? -position.steps : position.steps;
    const cost = roundedQuotient(position.cost * steps, held);
    const released = roundedQuotient(position.isolatedWallet * steps, held);
    const realised = -signedNotional - cost;
    if (steps !== held) this.partialCloses++;
    const [n, d] = position.exactCost;
    const [part, whole] = [n * steps, d * held];
    position.exactCost = reduced(n * held - part, whole);
    const [sum, by] = this.exactRealised;
    this.exactRealised = reduced((sum - signedNotional * by) * whole - part * by, by * whole);
    position.cost -= cost;
    position.isolatedWallet -= released;
    position.steps += position.steps < 0n ? steps : -steps;
    this.realised += realised;
    this.wallet += realised;
    return { realised, released };
  }

  private fill(event: Fill): void {
    const { instrument } = event;
    const position = this.position(instrument, event.positionSide);
    const ticks = BigInt(event.priceTicks);
    const qty = BigInt(event.qtySteps);
    const direction = event.side === 'buy' ? 1n : -1n;
    const held = position.steps < 0n ? -position.steps : position.steps;
    const isReducing = position.steps * direction < 0n;
    const closing = isReducing ? (qty < held ? qty : held) : 0n;
    const notional = this.notional(instrument, ticks, qty);
    const closed = this.notional(instrument, ticks, closing);
    const fee =
      event.feeE8 === null
        ? roundedQuotient(notional * (event.isMaker ? this.makerRate : this.takerRate), E8)
        : BigInt(event.feeE8);
    if (closing > 0n) this.close(position, closing, direction * closed);
    const opened = notional - closed;
    position.steps += direction * (qty - closing);
    position.cost += direction * opened;
    position.exactCost = reduced(
      position.exactCost[0] + direction * opened * position.exactCost[1],
      position.exactCost[1],
    );
    if (this.isolated.get(instrument) === true)
      position.isolatedWallet += roundedQuotient(opened, this.leverage.get(instrument) ?? 20n);
    this.fees += fee;
    this.wallet -= fee;
    this.bought.set(instrument, (this.bought.get(instrument) ?? 0n) + direction * notional);
  }

  private settle(event: FundingSettled): void {
    for (const side of ['BOTH', 'LONG', 'SHORT']) {
      const position = this.position(event.instrument, side);
      const value = this.value(event.instrument, position.steps, BigInt(event.markPriceE8));
      const amount = -roundedQuotient(value * BigInt(event.rateE8), E8);
      this.funding += amount;
      this.wallet += amount;
      if (this.isolated.get(event.instrument) === true) position.isolatedWallet += amount;
    }
  }

  private liquidate(event: Liquidation): void {
    const { instrument } = event;
    const position = this.position(instrument, event.positionSide);
    const direction = position.steps < 0n ? 1n : -1n;
    const notional = BigInt(event.notionalE8);
    const isIsolated = this.isolated.get(instrument) === true;
    const { realised, released } = this.close(position, BigInt(event.qtySteps), direction * notional);
    this.bought.set(instrument, (this.bought.get(instrument) ?? 0n) + direction * notional);
    const isCross = (name: string) => this.isolated.get(name) !== true;
    const cross = this.wallet - this.isolatedSum();
    const left = isIsolated ? released + realised : cross + this.unrealised(isCross);
    const due = roundedQuotient(notional * this.instruments[instrument]!.liquidationFeeRate, E8);
    const most = left <= 0n ? 0n : left;
    const fee = due > most ? most : due;
    const hasCross = [...this.positions].some(
      ([key, { steps }]) => steps !== 0n && isCross(key.slice(0, key.lastIndexOf('/'))),
    );
    const owed = isIsolated ? released + realised : cross;
    const insurance = owed < 0n && (isIsolated || !hasCross) ? -owed : 0n;
    this.liquidationFees += fee;
    this.insurance += insurance;
    this.wallet += insurance - fee;
  }
}

function reduced(numerator: bigint, denominator: bigint): [bigint, bigint] {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? [0n, 1n] : [numerator / a, denominator / a];
}
