import * as assert from 'uvu/assert';

/** For `assert.throws`, which takes a text for its own message and compares nothing. */
export function says(text: string): (error: Error) => boolean {
  return ({ message }) => {
    assert.is(message, text);
    return true;
  };
}
