import { expect, test } from 'vitest'
import { parseArguments } from '../../../main/electron/command-line'

test.each([
  { argv: [], paths: [], archive: null, why: 'nothing named' },
  {
    argv: ['a.dcm', '/data/study'],
    paths: ['/home/a.dcm', '/data/study'],
    archive: null,
    why: 'paths are taken from the folder of the start',
  },
  { argv: ['--archive', 'mine', 'a.dcm'], paths: ['/home/a.dcm'], archive: '/home/mine', why: 'the archive takes the next argument' },
  { argv: ['--archive=/x/y'], paths: [], archive: '/x/y', why: 'the archive in one word' },
  { argv: ['--no-sandbox', '--use-gl=angle', 'b'], paths: ['/home/b'], archive: null, why: "Chromium's switches are passed over" },
  {
    argv: ['--', '-odd-name', '--archive'],
    paths: ['/home/-odd-name', '/home/--archive'],
    archive: null,
    why: 'all that follows -- are paths',
  },
  { argv: ['overread://evil/'], paths: [], archive: null, why: 'an address is no path' },
])('$why', ({ argv, paths, archive }) => expect(parseArguments(argv, '/home')).toEqual({ paths, archive }))
