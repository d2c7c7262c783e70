// npm run overread: the command line, after the set-up.
import { setUp } from './setup.mjs'

await setUp()
await import(new URL('../out/node/cli.js', import.meta.url))
