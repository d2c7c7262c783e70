/** The part of dcmjs used here; the package brings no types. */
declare module 'dcmjs' {
  interface DictionaryEntry {
    readonly tag: string
    readonly vr: string
    readonly vm: string
  }
  interface DicomElement {
    vr: string
    Value: unknown[]
  }
  class DicomDict {
    constructor(meta: Record<string, DicomElement>)
    dict: Record<string, DicomElement>
    write(options?: { allowInvalidVRLength: boolean }): ArrayBuffer
  }
  const dcmjs: {
    data: {
      DicomDict: typeof DicomDict
      DicomMetaDictionary: {
        nameMap: Record<string, DictionaryEntry | undefined>
        denaturalizeDataset(dataset: Record<string, unknown>): Record<string, DicomElement>
      }
    }
  }
  export default dcmjs
}
