/**
 * The page's only script: the pointer, or the arrow keys on a chart, move a line through all charts of the run and tell
 * what was there. Without it the page shows the same figures and charts.
 */
export const SCRIPT = `
(() => {
  const { from, to, rows } = JSON.parse(document.getElementById('readings').textContent);
  const reading = document.getElementById('reading');
  const plots = [...document.querySelectorAll('[data-plot]')];
  const usual = reading.textContent;
  let at = rows.length - 1;
  const cursors = plots.map((plot) => {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    line.setAttribute('class', 'cursor');
    line.setAttribute('y2', plot.dataset.plot);
    line.setAttribute('visibility', 'hidden');
    plot.append(line);
    return line;
  });
  const show = (place) => {
    at = Math.max(0, Math.min(rows.length - 1, place));
    const [time, ...said] = rows[at];
    const x = ((time - from) / (to - from)) * 100 + '%';
    for (const line of cursors) {
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
      line.setAttribute('visibility', 'visible');
    }
    reading.textContent = said.join(' \\u00b7 ');
  };
  const hide = () => {
    for (const line of cursors) line.setAttribute('visibility', 'hidden');
    reading.textContent = usual;
  };
  const placeOf = (time) => {
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (rows[middle][0] <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  for (const plot of plots) {
    plot.addEventListener('pointermove', (event) => {
      const box = plot.getBoundingClientRect();
      show(placeOf(from + ((event.clientX - box.left) / box.width) * (to - from)));
    });
    plot.addEventListener('pointerleave', hide);
    const chart = plot.parentElement;
    chart.tabIndex = 0;
    chart.addEventListener('focus', () => reading.setAttribute('aria-live', 'polite'));
    chart.addEventListener('blur', () => {
      reading.setAttribute('aria-live', 'off');
      hide();
    });
    chart.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -25, PageDown: 25, Home: -Infinity, End: Infinity }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      show(at + step);
    });
  }
})();
`;
