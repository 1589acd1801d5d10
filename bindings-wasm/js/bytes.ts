/** A reply's body while it is received. */

/**
 * Bytes received in pieces, merged into one buffer: a list of a million one-byte pieces would take a hundred times the
 * memory of the bytes themselves.
 */
export class Bytes {
  #buffer: Uint8Array | undefined;
  #length = 0;

  /** Number of bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds a piece. The first one is kept as it is, since most bodies arrive in one piece. */
  push(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (this.#buffer === undefined) {
      this.#buffer = piece;
    } else if (piece.length > 0) {
      this.#reserve(length).set(piece, this.#length);
    }
    this.#length = length;
  }

  /** Returns all bytes. */
  whole(): Uint8Array {
    const buffer = this.#buffer ?? new Uint8Array();
    return buffer.length === this.#length ? buffer : buffer.subarray(0, this.#length);
  }

  /** Returns a buffer of our own with room for `length` bytes. */
  #reserve(length: number): Uint8Array {
    const old = this.#buffer as Uint8Array;
    // Never true of the first piece, which is full and not ours to write to.
    if (length <= old.length) {
      return old;
    }
    const buffer = new Uint8Array(Math.max(2 * length, 4096));
    buffer.set(old.subarray(0, this.#length));
    this.#buffer = buffer;
    return buffer;
  }
}
