// Runs a graph in the runtime that Overread ships, for the Python side: tensors in on stdin, outputs on stdout.
// Both ways: a little-endian uint32 length, then float32 values; outputs in the order of the graph.
import { createRequire } from 'node:module'

process.env.ORT_DISABLE_TELEMETRY = '1'
const ort = createRequire(import.meta.url)('onnxruntime-node')
const [file, threads] = process.argv.slice(2)
const session = await ort.InferenceSession.create(file, { intraOpNumThreads: Number(threads), executionProviders: ['cpu'] })
const [input] = session.inputNames
const shape = session.inputMetadata[0].shape

let waiting = Buffer.alloc(0)
for await (const chunk of process.stdin) {
  waiting = Buffer.concat([waiting, chunk])
  while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32LE(0)) {
    const length = waiting.readUInt32LE(0)
    const values = new Float32Array(length / 4)
    Buffer.from(values.buffer).set(waiting.subarray(4, 4 + length))
    waiting = waiting.subarray(4 + length)
    const outputs = await session.run({ [input]: new ort.Tensor('float32', values, shape) })
    for (const name of session.outputNames) {
      const { data, dims } = outputs[name]
      const head = Buffer.alloc(8 + 4 * dims.length)
      head.writeUInt32LE(data.byteLength, 0)
      head.writeUInt32LE(dims.length, 4)
      dims.forEach((side, index) => head.writeUInt32LE(side, 8 + 4 * index))
      process.stdout.write(head)
      process.stdout.write(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    }
  }
}
