/**
 * A session of a package in the engine that runs it: ONNX Runtime, also for what was translated, else TensorFlow.js. What was
 * translated can be run in either, as a translation that does not repeat the golden case is not used.
 */
import { OverreadError } from '../../contracts/errors'
import { openOnnxSession, type OpenSession } from './onnx-session'
import { isTfjsProvider, otherEngine } from './providers'
import { openTfjsSession } from './tfjs/tfjs-session'

export const openSession: OpenSession = async (loaded, provider, threads) => {
  const byTfjs = isTfjsProvider(provider)
  const can = byTfjs ? loaded.tfjs !== null : loaded.tfjs === null || loaded.tfjs.untranslatable.length === 0
  if (!can) throw new OverreadError('inference.provider', otherEngine)
  return byTfjs ? openTfjsSession(loaded, provider) : openOnnxSession(loaded, provider, threads)
}
