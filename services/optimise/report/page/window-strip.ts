import type { WalkForwardWindow } from '../../../../operators/search/walk-forward.ts';
import { type Html, html } from '../../../backtest/report/page/html.ts';

const ROW_HEIGHT = 7;
/** More are drawn thinner. */
const HEIGHT_MAX = 220;

/** The windows one below the other over their time: what was trained on, and what was tested. */
export function windowStrip(windows: readonly WalkForwardWindow[]): Html {
  const [fromMs, toMs] = [windows[0]!.trainFromMs, windows.at(-1)!.testToMs];
  const row = Math.min(ROW_HEIGHT, HEIGHT_MAX / windows.length);
  const share = (timeMs: number): string => `${(((timeMs - fromMs) / (toMs - fromMs)) * 100).toFixed(2)}%`;
  const length = (start: number, end: number): string => `${(((end - start) / (toMs - fromMs)) * 100).toFixed(2)}%`;
  return html`<svg class="bar" height="${(row * windows.length).toFixed(1)}" role="img" aria-label="${windows.length} windows of training and test"><g class="key">${windows.map(
    ({ trainFromMs, trainToMs, testFromMs, testToMs }, n) => {
      const [y, height] = [(n * row).toFixed(1), (row * 0.7).toFixed(1)];
      return html`<rect class="other" fill="currentColor" x="${share(trainFromMs)}" y="${y}" width="${length(trainFromMs, trainToMs)}" height="${height}"/><rect class="main" fill="currentColor" x="${share(testFromMs)}" y="${y}" width="${length(testFromMs, testToMs)}" height="${height}"/>`;
    },
  )}</g></svg>`;
}
