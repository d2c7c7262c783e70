/** The built command line's own file, from which the engine's entries and the bundled models are found. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { repository } from '../../shared-data'

export const computeEntry = pathToFileURL(join(repository, 'out/node/cli.js')).href
