/** Room that is used again and again: a packet costs no new array once the longest one has been seen. */
export class Scratch {
  private room = new Float32Array(0);
  private view = this.room;

  /** This many samples, with whatever they held; good until the next call. */
  of(length: number): Float32Array {
    if (this.view.length === length) return this.view;
    if (this.room.length < length) this.room = new Float32Array(Math.max(length, 2 * this.room.length));
    this.view = this.room.subarray(0, length);
    return this.view;
  }
}
