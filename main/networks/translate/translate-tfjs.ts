/** A TensorFlow.js model of either form as an ONNX graph. */
import type { TfjsModel } from '../tfjs/read-tfjs'
import { translateGraphModel, type GraphEnds } from './translate-graph'
import { translateLayersModel, type TranslateOptions, type Translation } from './translate-layers'

/**
 * `ends`: what a graph model's input and outputs are to be; a layers model's bear the names of its layers.
 *
 * @throws OverreadError 'model.schema', 'model.weights' where the model is not of its form.
 */
export function translateTfjs(model: TfjsModel, options: TranslateOptions, ends: GraphEnds | null = null): Translation {
  return model.format === 'graph-model' ? translateGraphModel(model, ends) : translateLayersModel(model, options)
}

/**
 * A network of which no package says yet how large its input is: of volumes (`rank` 5) with open sides where its layers allow it.
 *
 * @throws as `translateTfjs`
 */
export function translateFreely(model: TfjsModel, rank: number, normaliseAfter: string | null): Translation & { readonly open: boolean } {
  const open = rank === 5 && model.format === 'layers-model' ? translateTfjs(model, { normaliseAfter, openSides: true }) : null
  if (open && open.onnx !== null) return { ...open, open: true }
  return { ...translateTfjs(model, { normaliseAfter, openSides: false }), open: false }
}
