import type { IPaneApi, Time } from 'lightweight-charts';
import type { ChartLine, ChartPane } from './line-source.ts';

/** Names and values of a pane's lines, as text above what is drawn: it can be read by more than eyes. */
export interface PaneLegend {
  show(readValue: (line: ChartLine) => number | null): void;
}

export function createPaneLegend(pane: IPaneApi<Time>, { title, lines }: ChartPane): PaneLegend {
  const element = document.createElement('div');
  element.className = 'pane-legend';
  element.dataset['testid'] = 'pane-legend';
  if (title !== null) element.append(titleElement(title));
  const values = lines.map((line) => {
    const entry = document.createElement('span');
    // A line of two colours is no colour's: its name stands in that of texts.
    entry.style.color = isOfOneColour(line) ? `var(--line-${line.line + 1})` : 'var(--text)';
    const value = document.createElement('b');
    entry.append(line.label, ' ', value);
    element.append(entry);
    return { line, value };
  });

  /** The library makes a pane's element with the first drawing only. */
  function attach(): void {
    if (element.isConnected) return;
    const cell = pane.getHTMLElement()?.querySelector('td:nth-child(2) > div');
    if (cell == null) requestAnimationFrame(attach);
    else cell.append(element);
  }
  attach();

  return {
    show(readValue) {
      for (const { line, value } of values) {
        const found = readValue(line);
        const text = found === null ? '–' : line.format(found);
        if (value.textContent !== text) value.textContent = text;
      }
    },
  };
}

function isOfOneColour({ middle, drawn }: ChartLine): boolean {
  return middle === null && drawn !== 'histogram';
}

function titleElement(title: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'pane-title';
  element.textContent = title;
  return element;
}
