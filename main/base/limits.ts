/**
 * The bounds of everything a file may state. A file that states more is refused with 'dicom.limit'
 * before anything is allocated for it; each figure is far above what clinical objects hold.
 */
export const limits = {
  /** Nesting of sequences. Structured reports reach about 15. */
  sequenceDepth: 64,
  /** Elements of a data set, nested ones counted, items twice. An enhanced object of 10,000 frames comes to about 600,000. */
  elements: 1_000_000,
  /** A text or number value that is read whole, bytes. */
  valueBytes: 1 << 20,
  /** A table (LUT, palette, overlay, curve) or private header that is read whole, bytes. */
  tableBytes: 64 << 20,
  /** The inflated size of a deflated data set, bytes: inflating this much takes under a second, and under 256 MB. */
  inflatedBytes: 192 << 20,
  /** Frames of an object. */
  frames: 1 << 18,
  /** Fragments of encapsulated pixel data. */
  fragments: 1 << 20,
  /** Samples of one decoded frame: 11,500 pixels square in grey. */
  frameSamples: 1 << 27,
  /** Voxels of a series that is read as one volume: 512 slices of 512 × 512. It lies in memory as 32-bit floats. */
  volumeVoxels: 1 << 27,
  /** The compressed bytes of one frame. */
  frameBytes: 256 << 20,
  /** A decoder's picture per byte of its code stream, for pictures above `smallFrameSamples`; an empty one compresses by less than this. */
  samplesPerCompressedByte: 200_000,
  /** Up to this a picture may be as small compressed as it likes: 32 MB are allocated soon enough. */
  smallFrameSamples: 1 << 24,
  /** Files named by one DICOMDIR. */
  directoryRecords: 1 << 20,
  /** Entries of a ZIP or a disc image, nested ones counted. */
  containerEntries: 200_000,
  /** ZIP or disc image within another. */
  containerDepth: 3,
  /** The inflated size of one ZIP entry, bytes: it is held whole in memory, so it is bounded tighter than a file on a disk. */
  zipEntryBytes: 2 ** 30,
  /** Up to this the entries of a ZIP may inflate to any multiple of its size, bytes. */
  zipFreeBytes: 128 << 20,
  /** Beyond it, to this multiple: pictures inflate to 2 to 10 times their size, bombs to 1,000. */
  zipRatio: 200,
  /** The size of all entries of a ZIP or a disc image, inflated, nested ones counted, bytes. */
  containerTotalBytes: 64 * 2 ** 30,
  /** Folder within folder of a disc image; ISO 9660 itself allows 8. */
  imageFolderDepth: 64,
  /** The records of one folder of a disc image, bytes: 100,000 names. */
  imageFolderBytes: 16 << 20,
  /** Volume descriptors of a disc image. */
  volumeDescriptors: 64,
} as const
