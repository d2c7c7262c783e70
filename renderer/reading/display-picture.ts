/** A frame as the 8-bit picture that goes on the stage, by the same code as the command line's display stage. */
import type { Frame } from '../../contracts/frame'
import type { Slice } from '../../contracts/worklist'
import { displayGrey } from '../../main/pixels/lut/presentation'
import { pictureId } from './picture-id'
import type { StagePicture } from './picture-stage'
import type { PictureSize } from './view-transform'
import { voiFor, type WindowChoice } from './window-choice'

/** Size in pixels, and the shape of a pixel: in mm where the spacing is known, else by its aspect ratio. */
export function pictureSize({ geometry }: Slice, { rows, columns }: { readonly rows: number; readonly columns: number }): PictureSize {
  const [pixelHeight, pixelWidth] = geometry.pixelSpacing ?? geometry.pixelAspectRatio
  return { rows, columns, pixelHeight, pixelWidth }
}

/** `inverted`: by the reader, over what the file says. */
export function displayPicture(slice: Slice, frame: Frame, choice: WindowChoice, inverted: boolean): StagePicture {
  const { description, samples } = frame
  const { presentation, samplesPerPixel } = description
  const common = { id: pictureId(slice), size: pictureSize(slice, description), samplesPerPixel }
  if (samplesPerPixel === 3) {
    const bytes = samples instanceof Uint8Array ? samples : Uint8Array.from(samples)
    return { ...common, display: inverted ? bytes.map((value) => 255 - value) : bytes }
  }
  const voi = voiFor(choice, presentation)
  const display = displayGrey(samples, voi, [description.min, description.max], presentation.inverted !== inverted, presentation.padding)
  return { ...common, display }
}
