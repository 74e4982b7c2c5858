/** Takes an element out of a list, keeping the order of the others; unlike `splice` it makes no list of what was taken. */
export function removeAt<Element>(list: Element[], at: number): void {
  for (let n = at; n < list.length - 1; n++) list[n] = list[n + 1]!;
  list.length--;
}
