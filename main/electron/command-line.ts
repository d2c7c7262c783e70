/** What the system hands over at the start: paths to import and the archive's folder. */
import { resolve } from 'node:path'

export interface StartArguments {
  readonly paths: readonly string[]
  /** `--archive DIR`, or null. */
  readonly archive: string | null
}

/**
 * Reads the arguments that follow the binary (and, under a development loader, the app's folder).
 * Switches of Chromium are passed over; what follows `--` is always a path.
 */
export function parseArguments(argv: readonly string[], workingFolder: string): StartArguments {
  const paths: string[] = []
  let archive: string | null = null
  let onlyPaths = false
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index]
    if (onlyPaths) paths.push(resolve(workingFolder, argument))
    else if (argument === '--') onlyPaths = true
    else if (argument === '--archive' && index + 1 < argv.length) archive = resolve(workingFolder, argv[++index])
    else if (argument.startsWith('--archive=')) archive = resolve(workingFolder, argument.slice('--archive='.length))
    else if (argument.startsWith('overread://')) continue
    else if (!argument.startsWith('-')) paths.push(resolve(workingFolder, argument))
  }
  return { paths, archive }
}
