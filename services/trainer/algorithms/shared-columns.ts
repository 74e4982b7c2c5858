/**
 * The same plain data with its typed arrays in shared memory: sent to any number of threads it is there once. What lies in
 * shared memory already stays where it is, and views of one buffer are views of one buffer again.
 */
export function sharedColumns<Data>(data: Data): Data {
  const sharedOf = new Map<ArrayBufferLike, SharedArrayBuffer>();

  const share = (buffer: ArrayBufferLike): SharedArrayBuffer => {
    if (buffer instanceof SharedArrayBuffer) return buffer;
    let shared = sharedOf.get(buffer);
    if (shared === undefined) {
      shared = new SharedArrayBuffer(buffer.byteLength);
      new Uint8Array(shared).set(new Uint8Array(buffer));
      sharedOf.set(buffer, shared);
    }
    return shared;
  };

  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const view = value as Float64Array;
      return new (view.constructor as Float64ArrayConstructor)(share(view.buffer), view.byteOffset, view.length);
    }
    if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each)]));
  };

  return walk(data) as Data;
}

/** float32[count] of zeros that other threads can read and write too. */
export function sharedFloats(count: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * count));
}
