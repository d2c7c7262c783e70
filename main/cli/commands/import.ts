/** overread import: files, folders, ZIPs and disc images into an archive. */
import { resolve } from 'node:path'
import { OverreadError } from '../../../contracts/errors'
import { withEngine } from '../../host/command-line/cli-archive'
import { textOption, type Command } from '../command'
import { entryUrl } from '../entry'
import { plainText } from '../plain-text'

export const importCommand: Command = {
  name: 'import',
  summary: 'Stores DICOM files, folders, ZIPs and disc images in the archive. Originals are not touched.',
  usage: 'import PATH... [--archive DIR]',
  options: { archive: { type: 'string' } },
  help: [['--archive DIR', "the archive's folder (default: that of the app)"]],
  positionals: [1, Infinity],
  async run(invocation) {
    const paths = invocation.positionals.map((path) => resolve(path))
    const progress = await withEngine(entryUrl(), textOption(invocation, 'archive'), (engine) =>
      engine.importPaths(paths, { listAllFailures: true }),
    )
    if (progress.error) throw new OverreadError(progress.error.code)
    const { stored, known, corrected, skipped, failed } = progress
    const lines = failed.map(({ file, code, message }) => `${plainText(file)}: ${plainText(message)} (${code})`)
    return {
      document: { stored, known, corrected, skipped, failed },
      text: [...lines, `${stored} stored, ${known} known, ${corrected} corrected, ${skipped} skipped, ${failed.length} failed`, ''].join(
        '\n',
      ),
      failed: failed.length > 0,
    }
  },
}
