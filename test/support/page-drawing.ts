import type { Page } from 'playwright-core';

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
export async function drawnGap(page: Page): Promise<number[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const columns = await shadedColumns(page);
    if (columns.length >= 2) return columns;
    await page.waitForTimeout(100);
  }
  throw new Error('price chart: expected a shaded span with an edge, found none after 5 s');
}
