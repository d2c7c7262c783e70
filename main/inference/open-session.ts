/** A session of a package in the engine that runs it: ONNX Runtime, also for what was translated, else TensorFlow.js. */
import { OverreadError } from '../../contracts/errors'
import { openOnnxSession, type OpenSession } from './onnx-session'
import { otherEngine } from './providers'
import { isTfjsProvider, openTfjsSession } from './tfjs/tfjs-session'

export const openSession: OpenSession = async (loaded, provider, threads) => {
  const needsTfjs = loaded.tfjs !== null && loaded.tfjs.untranslatable.length > 0
  if (needsTfjs !== isTfjsProvider(provider)) throw new OverreadError('inference.provider', otherEngine)
  return isTfjsProvider(provider) ? openTfjsSession(loaded, provider) : openOnnxSession(loaded, provider, threads)
}
