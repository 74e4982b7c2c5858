/** The book became invalid: what was built on it starts anew. */
export interface BookBreak {
  readonly type: 'bookBreak';
}

export function isBookBreak(event: object): event is BookBreak {
  return 'type' in event && event.type === 'bookBreak';
}
