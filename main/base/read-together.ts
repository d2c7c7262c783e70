/** Reads one after the other, so that the sizes of all of them are bounded together. `read` gives a file of at most `left` bytes, or throws. */
export async function readTogether<T>(
  files: readonly T[],
  most: number,
  read: (file: T, left: number) => Promise<Uint8Array>,
): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  let left = most
  for (const file of files) {
    const bytes = await read(file, left)
    left -= bytes.length
    all.push(bytes)
  }
  return all
}
