/** A TensorFlow.js model of either form as an ONNX graph. */
import type { TfjsModel } from '../tfjs/read-tfjs'
import { translateLayersModel, type TranslateOptions, type Translation } from './translate-layers'

/** @throws OverreadError 'model.schema', 'model.weights' where the model is not of its form. */
export function translateTfjs(model: TfjsModel, options: TranslateOptions): Translation {
  if (model.format === 'graph-model') return { onnx: null, untranslatable: ['a graph model'] }
  return translateLayersModel(model, options)
}
