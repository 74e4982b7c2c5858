import { type CsvTable, millis } from './csv-table.ts';

/** Funding rates: Binance Vision `fundingRate`, and tables of time and rate. A row becomes the element of REST `fundingRate`. */
export const FUNDING_TABLE: CsvTable = {
  name: 'funding',
  channel: () => 'fundingRate',
  columns: {
    time: ['funding_time', 'fundingtime', 'calc_time'],
    rate: ['funding_rate', 'fundingrate', 'last_funding_rate'],
  },
  required: ['time', 'rate'],
  layouts: [],
  timeColumn: 'time',
  read(cells, { wanted }) {
    const timeUs = cells.timeUs('time');
    const payload = `{"symbol":${JSON.stringify(wanted.symbol)},"fundingTime":${millis(timeUs)},"fundingRate":"${cells.signedDecimal('rate')}"}`;
    return { payload, timeUs };
  },
};
