/** Some consecutive lines of a file, without their ends. */
export interface LineBatch {
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  readonly lines: readonly Buffer[];
}

/** No line of a venue is near it: the bound keeps a file without line ends from filling the memory. */
export const LINE_BYTES_MAX = 32 * 1024 * 1024;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Cuts a byte stream into lines. A line longer than `LINE_BYTES_MAX` is given by its first bytes only, so that it is
 * refused like any truncated line.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<LineBatch> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let lineNumber = 1;

  function finish(tail: Buffer): Buffer {
    const line = rest.length === 0 ? tail : Buffer.concat([...rest, tail]);
    rest = [];
    restBytes = 0;
    return withoutEnds(line, lineNumber === 1);
  }

  for await (const chunk of chunks) {
    const lines: Buffer[] = [];
    const firstLine = lineNumber;
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      lines.push(finish(chunk.subarray(start, end)));
      lineNumber++;
      start = end + 1;
    }
    const keep = chunk.subarray(start, start + Math.max(0, LINE_BYTES_MAX - restBytes));
    if (keep.length > 0) rest.push(keep);
    restBytes += keep.length;
    if (lines.length > 0) yield { firstLine, lines };
  }
  if (restBytes > 0) yield { firstLine: lineNumber, lines: [finish(Buffer.alloc(0))] };
}

function withoutEnds(line: Buffer, isFirst: boolean): Buffer {
  const hasMark = isFirst && line.subarray(0, 3).equals(BYTE_ORDER_MARK);
  const end = line.length > 0 && line[line.length - 1] === CARRIAGE_RETURN ? line.length - 1 : line.length;
  return line.subarray(hasMark ? 3 : 0, end);
}
