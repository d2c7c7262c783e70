import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openArchive } from '../../../main/archive/archive'
import { fileSystemType, refuseNetwork } from '../../../main/archive/location'
import { temporaryFolder } from './fixtures'

/** By statfs(2) and the kernel's magic.h. */
const types = { ext4: 0xef53, xfs: 0x58465342, btrfs: 0x9123683e, tmpfs: 0x01021994, overlay: 0x794c7630, apfs: 0x1a }
const remote = { nfs: 0x6969, cifs: 0xff534d42, smb2: 0xfe534d42, smb: 0x517b, ceph: 0x00c36400, afs: 0x5346414f }

test.each(Object.entries(remote))('EXPECTED FAILURE: an archive on %s is refused, and no folder is made', (_, type) => {
  const folder = join(temporaryFolder(), 'archive')
  expect(() => openArchive(folder, { fileSystemType: () => type })).toThrow(expect.objectContaining({ code: 'archive.network' }))
  expect(existsSync(folder)).toBe(false)
})

test.each(Object.entries(types))('an archive on %s is taken', (_, type) => {
  expect(() => refuseNetwork('/somewhere', () => type)).not.toThrow()
})

test('the type is that of the nearest folder that is there', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'there'))
  expect(fileSystemType(join(folder, 'there', 'not', 'yet'))).toBe(fileSystemType(folder))
  expect(fileSystemType('/')).toBeGreaterThanOrEqual(0)
})

test.runIf(process.platform === 'linux')('a file system of its own has its own type', () => {
  expect(fileSystemType('/proc/self/not-there')).toBe(0x9fa0)
})
