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
  interface DicomDict {
    dict: Record<string, DicomElement>
    write(options?: { allowInvalidVRLength: boolean }): ArrayBuffer
  }
  const dcmjs: {
    data: {
      DicomDict: new (meta: Record<string, DicomElement>) => DicomDict
      DicomMetaDictionary: {
        nameMap: Record<string, DictionaryEntry | undefined>
        denaturalizeDataset(dataset: Record<string, unknown>): Record<string, DicomElement>
      }
    }
  }
  export default dcmjs
}
