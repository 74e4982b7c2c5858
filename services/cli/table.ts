/** Rows in columns: text to the left, columns named in `right` to the right. Cells may hold terminal colours. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const widths = head.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const padding = ' '.repeat(Math.max(0, widths[column]! - width(cell)));
        return right.includes(head[column]!) ? padding + cell : cell + padding;
      })
      .join('   ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

function width(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours begin with
  return text.replace(/\u001b\[[0-9;]*m/g, '').length;
}
