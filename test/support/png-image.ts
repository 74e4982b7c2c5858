import { inflateSync } from 'node:zlib';

/** Distinct colours and mean brightness (0 to 255) of a PNG of 8 bits a channel, as Chromium writes it. */
export function describeImage(png: Buffer): { colours: number; brightness: number } {
  const width = png.readUInt32BE(16);
  const channels = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const line = new Uint8Array(stride);
  const colours = new Set<number>();
  let sum = 0;
  let count = 0;
  for (let start = 0; start < raw.length; start += stride + 1) {
    unfilter(raw[start]!, raw.subarray(start + 1, start + 1 + stride), line, channels);
    for (let x = 0; x < stride; x += channels) {
      const [red, green, blue] = [line[x]!, line[x + 1]!, line[x + 2]!];
      colours.add((red << 16) | (green << 8) | blue);
      sum += 0.299 * red + 0.587 * green + 0.114 * blue;
      count++;
    }
  }
  return { colours: colours.size, brightness: sum / count };
}

/** Turns a filtered PNG line into pixels in `line`, which holds the line above. @see https://www.w3.org/TR/png/#9Filters */
function unfilter(filter: number, from: Uint8Array, line: Uint8Array, channels: number): void {
  const above = line.slice();
  for (let at = 0; at < from.length; at++) {
    const left = at >= channels ? line[at - channels]! : 0;
    const up = above[at]!;
    const upLeft = at >= channels ? above[at - channels]! : 0;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter]!;
    line[at] = from[at]! + guess;
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft;
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
