/** The book is not valid: what was built on it starts anew. */
export interface BookBreak {
  readonly type: 'bookBreak';
}
