/** The part of @openpgp/unbzip2-stream that decodes block by block; the package brings no types along. */
declare module '@openpgp/unbzip2-stream/lib/bzip2.js' {
  /** Gives the next bits as a number; null skips to the next whole byte. */
  type ReadBits = (count: number | null) => number;
  const bzip2: {
    /** Reads the header of a stream: its block size in units of 100,000 bytes. */
    header(bits: ReadBits): number;
    /**
     * Reads one block, and checks its sum.
     *
     * @param put gets the bytes
     * @param work for the decoder's use, one number for each byte of the block size
     * @param sum of the stream so far
     * @returns the sum with the block; null when there was the end of the stream instead
     */
    decompress(
      bits: ReadBits,
      put: (byte: number) => void,
      work: Int32Array,
      blockSize: number,
      sum: number,
    ): number | null;
  };
  export = bzip2;
}
