/** A reply's body while it comes in. */

/**
 * Bytes that come in pieces, kept in one buffer: a list of a million pieces of one byte would take a hundred times the
 * memory of the bytes themselves.
 */
export class Bytes {
  #buffer: Uint8Array | undefined;
  #length = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds a piece. The first one is kept as it is: mostly there is just one. */
  push(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (this.#buffer === undefined) {
      this.#buffer = piece;
    } else if (piece.length > 0) {
      this.#reserve(length).set(piece, this.#length);
    }
    this.#length = length;
  }

  /** All of them. */
  whole(): Uint8Array {
    return this.#buffer === undefined ? new Uint8Array() : this.#buffer.subarray(0, this.#length);
  }

  /** A buffer of our own with room for so many bytes. */
  #reserve(length: number): Uint8Array {
    const old = this.#buffer as Uint8Array;
    // The first piece is as long as its bytes, and not ours to write to.
    if (length <= old.length) {
      return old;
    }
    const buffer = new Uint8Array(Math.max(2 * length, 4096));
    buffer.set(old.subarray(0, this.#length));
    this.#buffer = buffer;
    return buffer;
  }
}
