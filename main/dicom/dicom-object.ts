/** One DICOM object: its data set up to the pixel data, and how both are written. PS3.10 section 7, PS3.5 section 10. */
import { inflateRawSync } from 'node:zlib'
import { DicomError } from '../../contracts/errors'
import { bytesSource, type ByteSource } from '../base/byte-source'
import { limits } from '../base/limits'
import type { DataElement, DataSet } from './data-set'
import { parseDataSet, parseMetaInformation, type Encoding } from './parse-data-set'
import { programInPreamble } from './preamble'
import { sniffCodeStream } from './sniff-code-stream'
import {
  deflatedLittleEndian,
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  transferSyntax,
  type TransferSyntax,
} from './transfer-syntaxes'

export interface DicomObject {
  /** The bytes that element offsets count in: the file's, or the inflated data set's. */
  readonly source: ByteSource
  /** How the object is written, by what is found in it; where group 0002 says otherwise, `warnings` tells. */
  readonly transferSyntax: TransferSyntax
  /** (0002,0010) as written, or an empty string where it is missing or no UID. */
  readonly statedTransferSyntaxUid: string
  /** Group 0002; null where the file has none. */
  readonly meta: DataSet | null
  readonly dataSet: DataSet
  /** The element of the pixels, of which only the place is known; null where there is none. */
  readonly pixelElement: DataElement | null
  /** The system that would run the file as a program, by its preamble; null where none would. */
  readonly program: string | null
  /** What is not as the standard has it, in sentences without a full stop. */
  readonly warnings: readonly string[]
}

/**
 * Reads an object's header.
 *
 * @throws DicomError 'file.not-dicom', 'file.damaged' with the byte where reading ended, 'dicom.limit'
 */
export function readDicomObject(source: ByteSource): DicomObject {
  const warnings: string[] = []
  const head = source.read(0, 144)
  // The four letters may stand in a text of a file without preamble.
  const prefixed = isPrefix(head, 128) && (source.size === 132 || sniffEncoding(source, 132) !== null)
  const metaStart = prefixed ? 132 : isPrefix(head, 0) ? 4 : 0
  const certain = prefixed || metaStart === 4
  if (!prefixed) {
    if (source.size < 16 || (!certain && !sniffEncoding(source, 0))) throw new DicomError('file.not-dicom')
    warnings.push('the preamble is missing')
  }

  const program = prefixed ? programInPreamble(head) : null
  if (program !== null) warnings.push(`the preamble begins like a program (${program}): the file could be run as one`)

  const parsedMeta = parseMetaInformation(source, metaStart)
  const meta = parsedMeta.dataSet.elements.size > 0 ? parsedMeta.dataSet : null
  if (!meta) warnings.push('the file meta information (group 0002) is missing')
  const written = meta?.text(0x00020010) ?? ''
  const stated = /^[0-9.]{1,64}$/.test(written) ? written : ''
  if (meta && stated === '' && written !== '') warnings.push('(0002,0010) Transfer Syntax UID is no UID')
  if (meta && written === '') warnings.push('(0002,0010) Transfer Syntax UID is missing')

  let body: ByteSource = source
  let start = parsedMeta.end
  let encoding = sniffEncoding(source, start)
  if (stated === deflatedLittleEndian || (transferSyntax(stated).encoding === 'deflated' && !encoding)) {
    if (encoding && isPlainlyDataSet(source, start)) {
      warnings.push('(0002,0010) says deflated, the data set is not')
    } else {
      body = inflate(source, start)
      start = 0
      encoding = sniffEncoding(body, 0)
    }
  }
  if (!encoding) {
    if (start < body.size)
      throw new DicomError(certain || meta ? 'file.damaged' : 'file.not-dicom', certain || meta ? `no attribute at byte ${start}` : '')
    encoding = { explicit: true, littleEndian: true }
  }

  const parsed = parseDataSet(body, start, encoding)
  warnings.push(...parsed.warnings)
  // A text or a program can begin like an implicit element; an object without any identity is none.
  if (!certain && !meta && !looksLikeObject(parsed.dataSet)) throw new DicomError('file.not-dicom')

  const effective = effectiveTransferSyntax(stated, encoding, body, parsed.pixelElement, body !== source)
  if (stated !== '' && effective.uid !== stated)
    warnings.push(`(0002,0010) says ${transferSyntax(stated).name}, the object is written as ${effective.name}`)
  const { unknownTerms } = parsed.dataSet.characterSet
  if (unknownTerms.length > 0) warnings.push(`(0008,0005) names an unknown character set: ${unknownTerms.join(', ')}`)
  return {
    source: body,
    transferSyntax: effective,
    statedTransferSyntaxUid: stated,
    meta,
    dataSet: parsed.dataSet,
    pixelElement: parsed.pixelElement,
    program,
    warnings,
  }
}

/** `DICM` */
function isPrefix(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d
}

function isLetter(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}

/**
 * The encoding of the element at `start`, or null where none fits. What group
 * 0002 states is not asked: it is wrong more often than the first element is ambiguous.
 */
function sniffEncoding(source: ByteSource, start: number): Encoding | null {
  const bytes = source.read(start, 12)
  if (bytes.length < 8) return null
  const little = bytes[0] | (bytes[1] << 8)
  const big = (bytes[0] << 8) | bytes[1]
  // The first group is mostly a low one, so that the byte order shows in it.
  const littleEndian = little <= 0xff || big > 0xff
  const group = littleEndian ? little : big
  if (group > 0x7fe0 || group === 0) return null
  if (isLetter(bytes[4]) && isLetter(bytes[5])) return { explicit: true, littleEndian }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(4, littleEndian)
  return length === 0xffffffff || start + 8 + length <= source.size ? { explicit: false, littleEndian } : null
}

/** An explicit little endian element of group 0002 to 0010: deflated data begin like this once in a million. */
function isPlainlyDataSet(source: ByteSource, start: number): boolean {
  const bytes = source.read(start, 8)
  return bytes.length === 8 && bytes[0] <= 0x10 && bytes[1] === 0 && isLetter(bytes[4]) && isLetter(bytes[5])
}

function looksLikeObject(dataSet: DataSet): boolean {
  return [0x00080016, 0x00080018, 0x00080060, 0x0020000d, 0x00280010, 0x00080005, 0x00080008, 0x00041220].some((tag) => dataSet.has(tag))
}

function inflate(source: ByteSource, start: number): ByteSource {
  const packed = source.read(start, Math.min(source.size - start, limits.inflatedBytes))
  try {
    return bytesSource(inflateRawSync(packed, { maxOutputLength: limits.inflatedBytes }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DicomError('dicom.limit', `the deflated data set is larger than ${limits.inflatedBytes} bytes`)
    }
    throw new DicomError('file.damaged', `the deflated data set at byte ${start} cannot be inflated`, { cause: error })
  }
}

function effectiveTransferSyntax(
  stated: string,
  encoding: Encoding,
  source: ByteSource,
  pixelElement: DataElement | null,
  deflated: boolean,
): TransferSyntax {
  const statedSyntax = transferSyntax(stated)
  const encapsulated = pixelElement !== null && pixelElement.length < 0
  if (encapsulated && (stated === '' || statedSyntax.codec === 'native')) {
    const found = sniffCodeStream(firstFragment(source, pixelElement))
    if (found) return transferSyntax(found)
  }
  const native = deflated
    ? deflatedLittleEndian
    : !encoding.littleEndian
      ? explicitBigEndian
      : encoding.explicit
        ? explicitLittleEndian
        : implicitLittleEndian
  if (stated === '') return transferSyntax(native)
  // Pixels of stated length are not encapsulated, whatever group 0002 says. PS3.5 A.4.
  if (pixelElement && !encapsulated && statedSyntax.codec !== 'native') return transferSyntax(native)
  if (statedSyntax.codec !== 'native' || stated === `${explicitLittleEndian}.98`) return statedSyntax
  return transferSyntax(native)
}

/** The first bytes of the first fragment behind the offset table. */
function firstFragment(source: ByteSource, { offset }: DataElement): Uint8Array {
  const table = source.read(offset, 8)
  if (table.length < 8) return table
  const length = new DataView(table.buffer, table.byteOffset, 8).getUint32(4, true)
  return source.read(offset + 8 + length + 8, 4096)
}
