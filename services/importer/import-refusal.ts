/**
 * The file, or what was asked of it, cannot be imported: nothing was added. The message is a whole sentence that says
 * what was expected, what was found and what to do.
 */
export class ImportRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportRefusal';
  }
}
