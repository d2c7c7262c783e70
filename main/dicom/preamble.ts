/** The 128 bytes before an object, which the standard leaves to anyone. PS3.10 7.1. */

const programs: readonly { readonly kind: string; readonly begin: readonly number[] }[] = [
  { kind: 'Windows', begin: [0x4d, 0x5a] },
  { kind: 'Linux', begin: [0x7f, 0x45, 0x4c, 0x46] },
  { kind: 'macOS', begin: [0xfe, 0xed, 0xfa, 0xce] },
  { kind: 'macOS', begin: [0xfe, 0xed, 0xfa, 0xcf] },
  { kind: 'macOS', begin: [0xce, 0xfa, 0xed, 0xfe] },
  { kind: 'macOS', begin: [0xcf, 0xfa, 0xed, 0xfe] },
  { kind: 'macOS or Java', begin: [0xca, 0xfe, 0xba, 0xbe] },
  { kind: 'a script', begin: [0x23, 0x21] },
]

/** What a system would run the file as, by how its preamble begins; null where it would not. One file can be both. */
export function programInPreamble(preamble: Uint8Array): string | null {
  return programs.find(({ begin }) => begin.every((byte, index) => preamble[index] === byte))?.kind ?? null
}
