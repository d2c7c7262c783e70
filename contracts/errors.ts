/** Every fault Overread can name: a code and the sentence a reader sees. */

interface ErrorEntry {
  /** For the reader: what is the case, in one sentence. */
  readonly sentence: string
  /** What to do, where there is something to do. */
  readonly advice?: string
}

/** The catalogue. Codes are stable: they stand in archives, logs and `--json`. */
export const errorCatalogue = {
  'file.not-dicom': { sentence: 'This file is not DICOM.' },
  'file.unreadable': { sentence: 'The file could not be read.', advice: 'Check that it exists and that you may read it.' },
  'file.damaged': { sentence: 'The file is damaged: its data set cannot be read to the end.', advice: 'Ask the sender for another copy.' },
  'file.too-large': { sentence: 'The file is larger than Overread takes.' },
  'file.not-an-image': { sentence: 'The object holds no picture.' },
  'file.identity': { sentence: 'The object lacks the identifiers every DICOM object must carry.' },
  'dicomdir.missing': {
    sentence: 'The DICOMDIR names files that are not there.',
    advice: 'Check that the medium was copied whole.',
  },
  'dicomdir.empty': { sentence: 'The DICOMDIR names no file.', advice: 'Check that the medium was copied whole.' },
  'dicomdir.damaged': { sentence: 'The DICOMDIR cannot be read.', advice: 'Check that the medium was copied whole.' },
  'dicom.limit': { sentence: 'The object states a length, depth or number beyond what Overread takes.' },
  'dicom.attribute': { sentence: 'An attribute the picture depends on is missing or contradicts itself.' },
  'dicom.charset': { sentence: 'The object names a character set that Overread does not know.' },
  'plane.spacing': { sentence: 'The distance between pixels is not known, so nothing can be measured in millimetres.' },
  'plane.orientation': { sentence: 'The position of the picture in the patient is not known.' },
  'pixels.transfer-syntax': {
    sentence: 'The way this picture is compressed is not yet supported.',
    advice: 'Ask the sender for it without compression.',
  },
  'pixels.code-stream': { sentence: 'The compressed picture is damaged and cannot be shown.', advice: 'Ask the sender for another copy.' },
  'pixels.size': { sentence: 'The pixel data do not have the size that the header states.', advice: 'Ask the sender for another copy.' },
  'pixels.photometric': { sentence: 'The colour form of this picture is not yet supported.' },
  'pixels.format': { sentence: 'The form of the stored pixels is not yet supported.' },
  'pixels.frame': { sentence: 'The object has no such frame.' },
  'pixels.voi': { sentence: 'The window stated in the file is not valid.' },
  'archive.in-use': { sentence: 'Another Overread is using this archive.', advice: 'Close it first, or name another archive.' },
  'archive.newer': { sentence: 'This archive was written by a newer Overread.', advice: 'Open it with that version.' },
  'archive.older': {
    sentence: 'This archive was written by an older Overread and is not yet brought up to date.',
    advice: 'Open it once with Overread.',
  },
  'archive.absent': {
    sentence: 'There is no archive in this folder.',
    advice: 'Name the folder of an archive, or import something first.',
  },
  'archive.foreign': { sentence: 'This folder holds other things and cannot become an archive.', advice: 'Choose an empty folder.' },
  'archive.damaged': {
    sentence: 'The database of the archive is damaged.',
    advice: 'The original files are untouched in its folder "objects".',
  },
  'archive.unwritable': { sentence: 'The archive folder cannot be written.', advice: 'Check the permissions and the free space.' },
  'archive.vanished': {
    sentence: 'The archive folder is no longer where it was opened. Nothing is stored until it is back.',
    advice: 'Put it back where it was, or connect its disk, then start Overread again.',
  },
  'archive.network': {
    sentence: 'The archive folder lies on a network drive, where its files cannot be kept safe.',
    advice: 'Name a folder on a disk of this computer.',
  },
  'archive.disk-full': {
    sentence: 'There is too little free space for the archive. Nothing was lost.',
    advice: 'Make space, then try again.',
  },
  'archive.conflict': {
    sentence: 'An object with the same identifier but other pixels is already in the archive; this one was kept out.',
    advice: 'Ask the sender which of the two is right.',
  },
  'archive.integrity': {
    sentence: 'A stored file no longer has the content it was stored with.',
    advice: 'Do not rely on this picture; import it again from its source.',
  },
  'archive.missing': { sentence: 'The archive does not hold this object.' },
  'model.missing': { sentence: 'There is no such model.' },
  'model.schema': { sentence: 'The description of the model package is not valid.' },
  'model.hash': { sentence: 'The weights of the model are not those its description names.' },
  'model.weights': { sentence: 'The weights of the model cannot be used.' },
  'model.path': { sentence: 'The model package refers to a file outside its folder.' },
  'model.file': {
    sentence: 'This is no model package that can be read.',
    advice: 'A package is a folder, or a ZIP of one, with a model.json.',
  },
  'model.too-large': { sentence: 'The model package is larger than Overread takes.' },
  'model.operators': { sentence: 'The network uses an operator that Overread cannot run.' },
  'model.golden': { sentence: 'The network does not give the values on this computer that its package states, so it was not added.' },
  'model.conflict': {
    sentence: 'Another package of this name and version is there already. Nothing was replaced.',
    advice: 'Its maker must give a changed package a new version.',
  },
  'model.signature': {
    sentence: 'The signature of the model package does not fit its content.',
    advice: 'Ask its maker for another copy.',
  },
  'model.key': { sentence: 'This is no Ed25519 key that can be read.' },
  'model.older': {
    sentence: 'This version is older than the one in use.',
    advice: 'Say that going back is meant.',
  },
  'model.in-use': { sentence: 'This version is in use.', advice: 'Use another version first, then remove this one.' },
  'model.bundled': { sentence: 'This version came with Overread and cannot be removed.' },
  'model.address': {
    sentence: 'Packages are fetched from addresses that begin with https.',
    advice: 'Fetch it in another way and add the file.',
  },
  'model.fetch': { sentence: 'The package could not be fetched.', advice: 'Check the address and the network, or add it from a file.' },
  'model.needs-other': {
    sentence: 'This network looks where another one points it, and that one cannot be used here.',
    advice: 'Add the package that it names.',
  },
  'model.wrap': {
    sentence: 'No package can be made of this network.',
    advice: '`overread models wrap --help` says what can be wrapped.',
  },
  'model.operating-point': { sentence: 'The model has no such operating point to choose.' },
  'gate.modality': { sentence: 'This network reads another kind of picture (modality).' },
  'gate.body-part': { sentence: 'This network reads another part of the body.' },
  'gate.view': { sentence: 'This network reads another view.' },
  'gate.photometric': { sentence: 'This network does not read pictures of this colour form.' },
  'gate.presentation': { sentence: 'This picture is raw detector data (for processing), which this network does not read.' },
  'gate.plane': { sentence: 'This network reads slices of another orientation.' },
  'gate.sequence': { sentence: 'This network reads another MR sequence.' },
  'gate.spacing': { sentence: 'The pixels of this picture are coarser or finer than this network was made for.' },
  'gate.age': { sentence: 'This network reads pictures of patients of another age.' },
  'gate.size': { sentence: 'This picture is smaller than this network needs.' },
  'gate.volume': { sentence: 'This network reads a whole volume; the slices of this series do not form one with even gaps.' },
  'gate.pixels': { sentence: 'The picture does not look like those this network reads.' },
  'gate.distribution': { sentence: 'The picture is unlike those this network was trained on, so its result is withheld.' },
  'inference.constant': { sentence: 'The picture holds a single grey value; there is nothing to analyse.' },
  'inference.provider': { sentence: 'No computing provider could run this network.' },
  'inference.memory': {
    sentence: 'This computer has too little memory for this network and this series.',
    advice: 'Close other programs, or choose a lighter network.',
  },
  'inference.failed': { sentence: 'The network broke off while it ran.' },
  'inference.output': { sentence: 'The network gave values that are not numbers or not of the stated shape. They were discarded.' },
  'inference.no-image': { sentence: 'There is no picture among the files that this network could read.' },
  'analysis.unfinished': { sentence: 'The analysis has not ended; pictures done so far are kept.' },
  'explanation.none': { sentence: 'The network gives no score of a whole picture that could be explained.' },
  'explanation.method': {
    sentence: 'This network cannot be explained in this way.',
    advice: 'Leave the choice of the method to Overread.',
  },
  'explanation.stale': {
    sentence: 'The result was made by another version of the network, or the picture was refused.',
    advice: 'Analyse the picture again.',
  },
  'self-check.values': { sentence: 'The self-check gave other values than it must.' },
  'layers.not-offered': { sentence: 'The layers of this network cannot be walked through.' },
  'evaluation.folder': {
    sentence: 'The labelled folder is not laid out as it must be.',
    advice: '`overread evaluate --help` says how.',
  },
  'evaluation.table': { sentence: 'The table of labels or cases cannot be used.' },
  'evaluation.png': { sentence: 'The PNG file cannot be used.' },
  'compute.died': { sentence: 'The computing process stopped. Nothing was lost.', advice: 'Try again, or use the CPU.' },
  'compute.provider': {
    sentence:
      'What computed the network broke off. Nothing was lost, and Overread does not use it for this network again until it is restarted.',
    advice: 'Try again: another takes its place.',
  },
  'compute.cancelled': { sentence: 'The analysis was cancelled. Pictures done before are kept.' },
  'worker.stuck': { sentence: 'Reading this file took too long and was stopped.' },
  'worker.died': { sentence: 'Reading this file stopped unexpectedly.' },
  'engine.stopped': {
    sentence: 'The engine stopped several times within a minute and was not started again.',
    advice: 'Start Overread again.',
  },
  'request.invalid': { sentence: 'The request was not understood.' },
  'request.unknown': { sentence: 'What was asked for does not exist.' },
  'entry.not-read': {
    sentence: 'The network has not looked for findings on this picture, so it has missed nothing there.',
    advice: 'Analyse the series first.',
  },
  'entry.findings': {
    sentence: 'Only a result that has ended and found nothing can be agreed with in one.',
    advice: 'Decide each of its findings.',
  },
  'decision.not-shown': { sentence: 'A finding is decided after its slice was shown.' },
  internal: { sentence: 'Something went wrong inside Overread. Nothing was lost.' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCatalogue
export const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]

/** What crosses a process boundary of an error. `message` is the sentence with its detail. */
export interface ErrorReport {
  readonly code: ErrorCode
  readonly message: string
}

/** A fault with a code of the catalogue. `detail` names the attribute, value or offset. */
export class OverreadError extends Error {
  readonly code: ErrorCode
  readonly detail: string

  constructor(code: ErrorCode, detail = '', options?: ErrorOptions) {
    super(describeError(code, detail), options)
    this.name = 'OverreadError'
    this.code = code
    this.detail = detail
  }

  toReport(): ErrorReport {
    return { code: this.code, message: this.message }
  }
}

/** A fault of a DICOM object: its encoding, attributes, geometry or pixels. */
export class DicomError extends OverreadError {
  override readonly name = 'DicomError'
}

/** The sentence of a code with what is peculiar to the case, for a reader. */
export function describeError(code: ErrorCode, detail = ''): string {
  const { sentence } = errorCatalogue[code]
  return detail === '' ? sentence : `${sentence.slice(0, -1)}: ${detail}`
}

/** What to do about a fault, or an empty string. */
export function adviceFor(code: ErrorCode): string {
  const entry: ErrorEntry = errorCatalogue[code]
  return entry.advice ?? ''
}

/** What a reader is told: what is the case, and what to do about it. */
export function withAdvice({ code, message }: { readonly code: string; readonly message: string }): string {
  const advice = code in errorCatalogue ? adviceFor(code as ErrorCode) : ''
  const sentence = /[.!?]$/.test(message) || message === '' ? message : `${message}.`
  return advice === '' ? sentence : `${sentence} ${advice}`
}

/** Any thrown value as a report. What has no code is `internal`; its text stays out, as it may name patients. */
export function reportOf(error: unknown): ErrorReport {
  return error instanceof OverreadError ? error.toReport() : { code: 'internal', message: describeError('internal') }
}
