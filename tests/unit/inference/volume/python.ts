/** Asks NumPy and SciPy, whose answers ours are compared with. */
import { spawnSync } from 'node:child_process'

const interpreter = '/usr/bin/python3'
export const hasScipy = spawnSync(interpreter, ['-c', 'import numpy, scipy.ndimage']).status === 0

/** Runs `code` with `given` as the variable of that name; what it prints is JSON. */
export function askPython<T>(code: string, given: unknown): T {
  const script = `import json, sys\nimport numpy as np\nfrom scipy import ndimage\ngiven = json.load(sys.stdin)\n${code}`
  const { status, stdout, stderr } = spawnSync(interpreter, ['-c', script], {
    input: JSON.stringify(given),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as T
}
