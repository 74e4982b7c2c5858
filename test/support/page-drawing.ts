import type { Page } from 'playwright-core';
import { seen } from './seen.ts';

/** Panels that are drawn over each other. */
export function overlappingPanels(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll('.panel')]
      .map((panel) => ({ id: panel.id, box: panel.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    return boxes.flatMap((one, at) =>
      boxes
        .slice(at + 1)
        .filter(
          ({ box }) =>
            box.left < one.box.right - 1 &&
            one.box.left < box.right - 1 &&
            box.top < one.box.bottom - 1 &&
            one.box.top < box.bottom - 1,
        )
        .map((other) => `${one.id} and ${other.id}`),
    );
  });
}

/** x of the price chart's columns that have the edge of a gap at their top. */
export function shadedColumns(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const probe = document.createElement('i');
    probe.style.color = 'var(--gap)';
    document.body.append(probe);
    const colour = getComputedStyle(probe).color.match(/\d+/g)!.map(Number);
    probe.remove();
    const columns = new Set<number>();
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('[data-testid=candles] canvas')) {
      const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, 1).data;
      for (let x = 0; x < canvas.width; x++)
        if (colour.every((value, at) => Math.abs(pixels[4 * x + at]! - value) < 12)) columns.add(x);
    }
    return [...columns].sort((a, b) => a - b);
  });
}

/** Columns of the gap's edge, as soon as it is drawn. */
export function drawnGap(page: Page): Promise<number[]> {
  return seen(
    'a shaded span with an edge in the price chart',
    () => shadedColumns(page),
    (columns) => columns.length >= 2,
  );
}

/** Those of the theme's colours that the canvases of a chart have in a column. @param x CSS pixels from the chart's left edge */
export function columnColours(page: Page, chart: string, x: number, names: readonly string[]): Promise<string[]> {
  return page.evaluate(
    ([selector, column, wanted]) => {
      const probe = document.createElement('i');
      document.body.append(probe);
      const colours = wanted.map((name) => {
        probe.style.color = `var(--${name})`;
        return { name, parts: getComputedStyle(probe).color.match(/\d+/g)!.map(Number) };
      });
      probe.remove();
      const found = new Set<string>();
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>(`${selector} canvas`)) {
        if (canvas.width <= column) continue;
        const pixels = canvas.getContext('2d')!.getImageData(column, 0, 1, canvas.height).data;
        for (let at = 0; at < pixels.length; at += 4)
          for (const { name, parts } of colours)
            if (pixels[at + 3]! > 200 && parts.slice(0, 3).every((part, n) => Math.abs(pixels[at + n]! - part) < 12))
              found.add(name);
      }
      return [...found];
    },
    [chart, Math.round(x), names] as const,
  );
}

/** Whether a chart has a colour of the theme in the middle of the gap that is shaded in the candles, and shortly before it. */
export function coloursAroundGap(
  page: Page,
  chart: string,
  name: string,
): Promise<{ isBefore: boolean; isWithin: boolean }> {
  // At one go: the charts move on meanwhile.
  return page.evaluate(
    ([selector, wanted]) => {
      const probe = document.createElement('i');
      document.body.append(probe);
      const partsOf = (token: string): number[] => {
        probe.style.color = `var(--${token})`;
        return getComputedStyle(probe).color.match(/\d+/g)!.slice(0, 3).map(Number);
      };
      // A line that is neither level nor upright has none of its pure colour.
      const SLANTED = 45;
      const [edge, colour] = [partsOf('gap'), partsOf(wanted)];
      probe.remove();
      const isNear = (pixels: Uint8ClampedArray, at: number, parts: number[], tolerance: number): boolean =>
        pixels[at + 3]! > 150 && parts.every((part, n) => Math.abs(pixels[at + n]! - part) < tolerance);
      const canvases = (of: string) => [...document.querySelectorAll<HTMLCanvasElement>(`${of} canvas`)];
      const shaded = canvases('[data-testid=candles]').flatMap((canvas) => {
        const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, 1).data;
        return Array.from({ length: canvas.width }, (_, x) => x).filter((x) => isNear(pixels, 4 * x, edge!, 12));
      });
      const has = (x: number): boolean =>
        canvases(selector).some((canvas) => {
          if (x < 0 || x >= canvas.width) return false;
          // Below the gap's edge.
          const pixels = canvas.getContext('2d')!.getImageData(x, 3, 1, canvas.height).data;
          return Array.from({ length: canvas.height }, (_, y) => 4 * y).some((at) =>
            isNear(pixels, at, colour!, SLANTED),
          );
        });
      const [left, right] = [Math.min(...shaded), Math.max(...shaded)];
      const middle = Math.round((left + right) / 2);
      return {
        isBefore: Array.from({ length: 40 }, (_, n) => left - 20 - n).some(has),
        isWithin: Array.from({ length: 17 }, (_, n) => middle - 8 + n).some(has),
      };
    },
    [chart, name] as const,
  );
}
