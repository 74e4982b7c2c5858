/** Colours and type of the charts, which are drawn on canvas and so cannot use the style sheet's variables themselves. */
export interface Palette {
  readonly text: string;
  readonly dim: string;
  readonly grid: string;
  readonly border: string;
  /** Of marks that are seen only when looked for. */
  readonly faint: string;
  readonly up: string;
  readonly down: string;
  readonly upSoft: string;
  readonly downSoft: string;
  readonly accent: string;
  readonly gap: string;
  readonly gapSoft: string;
  readonly invalidSoft: string;
  readonly labelBackground: string;
  /** One a line of the feature charts. */
  readonly lines: readonly string[];
  readonly fontFamily: string;
}

/** The palette of the theme now shown. */
export function readPalette(): Palette {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    text: colour('text'),
    dim: colour('dim'),
    grid: colour('grid'),
    border: colour('line'),
    faint: colour('line-strong'),
    up: colour('up'),
    down: colour('down'),
    upSoft: colour('up-soft'),
    downSoft: colour('down-soft'),
    accent: colour('accent'),
    gap: colour('gap'),
    gapSoft: colour('gap-soft'),
    invalidSoft: colour('invalid-soft'),
    labelBackground: colour('label'),
    lines: [1, 2, 3, 4, 5, 6, 7].map((number) => colour(`line-${number}`)),
    fontFamily: getComputedStyle(document.body).fontFamily,
  };
  probe.remove();
  return palette;
}

/** A colour as `getComputedStyle` writes it, so that what is behind it is seen. */
export function seeThrough(colour: string, opacity: number): string {
  const parts = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1]?.split(',').slice(0, 3);
  return parts === undefined ? colour : `rgba(${parts.join(',')}, ${opacity})`;
}
