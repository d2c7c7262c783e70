/** Whether a session gives what the package's golden case says. */
import { readGolden, type LoadedPackage } from '../networks/package'
import type { EngineSession } from './onnx-session'
import { graphOutputs } from './outputs'

/**
 * Runs the golden input and compares each output, as the graph gives it, with the stored one.
 *
 * Null where all lie within the package's tolerance; else why not, in words.
 *
 * @throws OverreadError 'model.missing' or 'model.weights' where the golden files cannot be read.
 */
export async function goldenFault(session: EngineSession, { package: model, folder }: LoadedPackage): Promise<string | null> {
  const outputs = await session.run(await goldenInput({ package: model, folder }))
  for (const [index, name] of graphOutputs(model).entries()) {
    const expected = await readGolden(folder, model.golden.outputs[name])
    const { values } = outputs[index]
    if (values.length !== expected.values.length) return `${name} has ${values.length} values, ${expected.values.length} in the golden case`
    let furthest = 0
    for (let i = 0; i < values.length; i++) {
      const distance = Math.abs(values[i] - expected.values[i])
      if (!(distance <= furthest)) furthest = distance
    }
    // A distance has no bound, so its tolerance grows with it.
    const scale = name === model.distribution?.output ? Math.max(1, ...expected.values) : 1
    if (!(furthest <= model.golden.tolerance * scale)) return `${name} differs by ${furthest.toPrecision(2)} from the golden case`
  }
  return null
}

export async function goldenInput({ package: model, folder }: Pick<LoadedPackage, 'package' | 'folder'>): Promise<Float32Array> {
  const { values } = await readGolden(folder, model.golden.input)
  const count = model.input.shape.reduce((product, side) => product * side, 1)
  const input = Float32Array.from(values)
  if (input.length !== count) throw new RangeError(`the golden input holds ${input.length} values, expected ${count}`)
  return input
}
