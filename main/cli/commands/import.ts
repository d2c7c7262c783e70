/** overread import: files and folders into an archive. */
import { withArchive } from '../../host/cli-archive'
import { textOption, type Command } from '../command'

export const importCommand: Command = {
  name: 'import',
  summary: 'Stores DICOM files and folders in the archive. Originals are not touched.',
  usage: 'import PATH... [--archive DIR]',
  options: { archive: { type: 'string' } },
  help: [['--archive DIR', "the archive's folder (default: that of the app)"]],
  positionals: [1, Infinity],
  async run(invocation) {
    const progress = await withArchive(textOption(invocation, 'archive'), ({ importPaths }) =>
      importPaths(invocation.positionals, (path) => process.stderr.write(`${path}\n`)),
    )
    const { stored, known, skipped, failed } = progress
    const lines = failed.map(({ file, code, message }) => `${file}: ${message} (${code})`)
    return {
      document: { stored, known, skipped, failed },
      text: [...lines, `${stored} stored, ${known} known, ${skipped} skipped, ${failed.length} failed`, ''].join('\n'),
      failed: failed.length > 0,
    }
  },
}
