import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { repository } from '../../shared-data'
import { strangerAnswers } from '../models/stranger-answers'
import { overread } from './overread'

const folder = mkdtempSync(join(tmpdir(), 'overread-wrap-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const network = join(repository, 'tests/samples/networks/torch-segmenter.onnx')
const answers = {
  ...strangerAnswers,
  'output.pred/0.labels': 'Spot',
}

test('a network is wrapped by a file of answers', async () => {
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers))
  const out = join(folder, 'package')
  const { code, stdout } = await overread('models', 'wrap', network, '--out', out, '--answers', join(folder, 'answers.json'), '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ id: 'stranger', version: '1.0.0', folder: out })
  expect(existsSync(join(out, 'model.json'))).toBe(true)
})

test('what is missing is listed with exit code 2, by the keys of its answers', async () => {
  writeFileSync(join(folder, 'few.json'), JSON.stringify({ id: 'stranger' }))
  const { code, stderr } = await overread('models', 'wrap', network, '--out', join(folder, 'none'), '--answers', join(folder, 'few.json'))
  expect(code).toBe(2)
  expect(stderr).toMatch(/ {2}title: /)
  expect(stderr).toMatch(/ {2}output\.pred\/0\.labels: /)
  expect(existsSync(join(folder, 'none'))).toBe(false)
})
