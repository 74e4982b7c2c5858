/**
 * Takes an element out of a list, keeping the order of the others. Unlike `splice` it makes no list of what was taken, and
 * unlike a smaller `length` it leaves room for the next.
 */
export function removeAt<Element>(list: Element[], at: number): void {
  for (let n = at; n < list.length - 1; n++) list[n] = list[n + 1]!;
  list.pop();
}
