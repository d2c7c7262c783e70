/** The public data beside the checkout, where it is present; tests that need it are counted as skipped elsewhere. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
export const sharedData = fileURLToPath(new URL('../../shared/data', import.meta.url))
export const hasSharedData = existsSync(sharedData)
