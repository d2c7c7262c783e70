/** Where the reader left each study, for as long as this window is open: nothing of a patient is kept on disk here. */
import type { WindowChoice } from './window-choice'

export interface SeriesPlace {
  readonly index: number
  readonly choice: WindowChoice
}

export interface StudyPlace {
  /** The stack that was open, by its key. */
  stack: string | null
  readonly stacks: Map<string, SeriesPlace>
}

const studies = new Map<number, StudyPlace>()

export function placeOf(studyKey: number): StudyPlace {
  let place = studies.get(studyKey)
  if (!place) {
    place = { stack: null, stacks: new Map() }
    studies.set(studyKey, place)
  }
  return place
}
