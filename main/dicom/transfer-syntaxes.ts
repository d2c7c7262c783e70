/** The transfer syntaxes of PS3.5 section 10 and annex A, as this program reads them. */

/** How the data set is written. */
export type DataSetEncoding = 'implicit' | 'explicit' | 'big-endian' | 'deflated'

/** How a frame is written; `native` is uncompressed. */
export type FrameCodec = 'native' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k' | 'deflated-frame' | 'unsupported'

export interface TransferSyntax {
  readonly uid: string
  readonly name: string
  readonly encoding: DataSetEncoding
  readonly codec: FrameCodec
  /** Whether the syntax may lose information. Whether it did is said by (0028,2110). */
  readonly lossy: boolean
}

const table: readonly (readonly [suffix: string, name: string, encoding: DataSetEncoding, codec: FrameCodec, lossy: boolean])[] = [
  ['', 'Implicit VR Little Endian', 'implicit', 'native', false],
  ['.1', 'Explicit VR Little Endian', 'explicit', 'native', false],
  ['.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'explicit', 'native', false],
  ['.1.99', 'Deflated Explicit VR Little Endian', 'deflated', 'native', false],
  ['.2', 'Explicit VR Big Endian', 'big-endian', 'native', false],
  ['.4.50', 'JPEG Baseline (Process 1)', 'explicit', 'jpeg', true],
  ['.4.51', 'JPEG Extended (Process 2 & 4)', 'explicit', 'jpeg', true],
  ['.4.53', 'JPEG Spectral Selection, Non-Hierarchical (Process 6 & 8)', 'explicit', 'jpeg', true],
  ['.4.55', 'JPEG Full Progression, Non-Hierarchical (Process 10 & 12)', 'explicit', 'jpeg', true],
  ['.4.57', 'JPEG Lossless, Non-Hierarchical (Process 14)', 'explicit', 'jpeg', false],
  ['.4.70', 'JPEG Lossless, Non-Hierarchical, First-Order Prediction', 'explicit', 'jpeg', false],
  ['.4.80', 'JPEG-LS Lossless Image Compression', 'explicit', 'jpeg-ls', false],
  ['.4.81', 'JPEG-LS Lossy (Near-Lossless) Image Compression', 'explicit', 'jpeg-ls', true],
  ['.4.90', 'JPEG 2000 Image Compression (Lossless Only)', 'explicit', 'jpeg-2000', false],
  ['.4.91', 'JPEG 2000 Image Compression', 'explicit', 'jpeg-2000', true],
  ['.4.92', 'JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)', 'explicit', 'unsupported', false],
  ['.4.93', 'JPEG 2000 Part 2 Multi-component Image Compression', 'explicit', 'unsupported', true],
  ['.4.94', 'JPIP Referenced', 'explicit', 'unsupported', true],
  ['.4.95', 'JPIP Referenced Deflate', 'deflated', 'unsupported', true],
  ['.4.100', 'MPEG2 Main Profile / Main Level', 'explicit', 'unsupported', true],
  ['.4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level', 'explicit', 'unsupported', true],
  ['.4.101', 'MPEG2 Main Profile / High Level', 'explicit', 'unsupported', true],
  ['.4.101.1', 'Fragmentable MPEG2 Main Profile / High Level', 'explicit', 'unsupported', true],
  ['.4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1', 'explicit', 'unsupported', true],
  ['.4.102.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1', 'explicit', 'unsupported', true],
  ['.4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'explicit', 'unsupported', true],
  ['.4.103.1', 'Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', 'explicit', 'unsupported', true],
  ['.4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'explicit', 'unsupported', true],
  ['.4.104.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video', 'explicit', 'unsupported', true],
  ['.4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'explicit', 'unsupported', true],
  ['.4.105.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video', 'explicit', 'unsupported', true],
  ['.4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'explicit', 'unsupported', true],
  ['.4.106.1', 'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2', 'explicit', 'unsupported', true],
  ['.4.107', 'HEVC/H.265 Main Profile / Level 5.1', 'explicit', 'unsupported', true],
  ['.4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1', 'explicit', 'unsupported', true],
  ['.4.110', 'JPEG XL Lossless', 'explicit', 'unsupported', false],
  ['.4.111', 'JPEG XL JPEG Recompression', 'explicit', 'unsupported', true],
  ['.4.112', 'JPEG XL', 'explicit', 'unsupported', true],
  ['.4.201', 'High-Throughput JPEG 2000 (Lossless Only)', 'explicit', 'htj2k', false],
  ['.4.202', 'High-Throughput JPEG 2000 with RPCL Options (Lossless Only)', 'explicit', 'htj2k', false],
  ['.4.203', 'High-Throughput JPEG 2000', 'explicit', 'htj2k', true],
  ['.4.204', 'JPIP HTJ2K Referenced', 'explicit', 'unsupported', true],
  ['.4.205', 'JPIP HTJ2K Referenced Deflate', 'deflated', 'unsupported', true],
  ['.5', 'RLE Lossless', 'explicit', 'rle', false],
  ['.7.1', 'SMPTE ST 2110-20 Uncompressed Progressive Active Video', 'explicit', 'unsupported', false],
  ['.8.1', 'Deflated Image Frame Compression', 'explicit', 'deflated-frame', false],
]

const root = '1.2.840.10008.1.2'

/** By UID. */
export const transferSyntaxes: ReadonlyMap<string, TransferSyntax> = new Map(
  table.map(([suffix, name, encoding, codec, lossy]) => [root + suffix, { uid: root + suffix, name, encoding, codec, lossy }]),
)

/** The syntax of a UID. One that is not in the standard is taken as explicit little endian, which all newer ones are, and unsupported. */
export function transferSyntax(uid: string): TransferSyntax {
  return (
    transferSyntaxes.get(uid) ?? {
      uid,
      name: uid === '' ? 'not stated' : `unknown (${uid})`,
      encoding: 'explicit',
      codec: 'unsupported',
      lossy: true,
    }
  )
}

export const implicitLittleEndian = root
export const explicitLittleEndian = `${root}.1`
export const deflatedLittleEndian = `${root}.1.99`
export const explicitBigEndian = `${root}.2`
