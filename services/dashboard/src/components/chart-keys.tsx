import type { ComponentChildren } from 'preact';

/** What the keys do to charts. */
export interface MovableChart {
  pan(steps: number): void;
  zoom(factor: number): void;
  showLatest(): void;
}

const PAN_STEPS = 10;
const ZOOM_FACTOR = 1.25;

/** Makes a chart reachable by Tab and moved by the keys: arrows pan, + and − zoom, End goes to the newest. */
export function ChartKeys(props: {
  readonly label: string;
  readonly chart: MovableChart;
  readonly children: ComponentChildren;
}) {
  function press(event: KeyboardEvent): void {
    const { chart } = props;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => chart.pan(-PAN_STEPS),
      ArrowRight: () => chart.pan(PAN_STEPS),
      ArrowUp: () => chart.zoom(1 / ZOOM_FACTOR),
      ArrowDown: () => chart.zoom(ZOOM_FACTOR),
      '+': () => chart.zoom(1 / ZOOM_FACTOR),
      '-': () => chart.zoom(ZOOM_FACTOR),
      End: () => chart.showLatest(),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  }

  return (
    <div
      class="chart-focus"
      role="application"
      aria-label={`${props.label}: arrow keys pan and zoom, End shows the newest`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is operated by the keys
      tabIndex={0}
      onKeyDown={press}
    >
      {props.children}
    </div>
  );
}
