/** Which picture is looked at by which network. */
import type { StackReference } from '../../contracts/analysis'
import type { Slice } from '../../contracts/worklist'

export interface InspectedPicture extends StackReference {
  readonly studyKey: number
  readonly slice: Slice
  readonly modelId: string
}
