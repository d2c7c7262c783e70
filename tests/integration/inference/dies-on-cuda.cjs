// Loaded before compute.js: opening a CUDA session ends the process the way a broken driver does.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- what --require loads is CommonJS
const runtime = require('onnxruntime-node')
const create = runtime.InferenceSession.create.bind(runtime.InferenceSession)
runtime.InferenceSession.create = (weights, options) => {
  if (options.executionProviders[0] === 'cuda') process.kill(process.pid, 'SIGSEGV')
  return create(weights, options)
}
