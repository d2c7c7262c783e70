/** Puts a reply's bytes together again from the parts that follow it. */
import { messageBytes, partBytes } from '../../contracts/protocol'

interface Open {
  readonly output: unknown
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly parts: number
  next: number
  offset: number
}

export interface Assembled {
  readonly output: unknown
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Why a reply cannot be put together. */
export class BrokenReply extends Error {
  override readonly name = 'BrokenReply'
}

export class Reassembly {
  readonly #open = new Map<number, Open>()

  /**
   * Begins a reply whose bytes follow in `parts` messages.
   * @throws BrokenReply when the stated length is beyond what a message may carry or does not fit the number of parts.
   */
  begin(requestId: number, output: unknown, byteLength: number, parts: number): void {
    if (byteLength > messageBytes || byteLength > parts * partBytes) throw new BrokenReply(`${byteLength} bytes in ${parts} parts`)
    this.#open.set(requestId, { output, bytes: new Uint8Array(byteLength), parts, next: 0, offset: 0 })
  }

  /**
   * Adds the next part; the whole when it was the last, else null.
   * @throws BrokenReply for a part that was not announced, is out of order or does not fit.
   */
  add(requestId: number, index: number, part: Uint8Array): Assembled | null {
    const open = this.#open.get(requestId)
    if (!open) throw new BrokenReply('a part without its reply')
    if (index !== open.next || part.length > partBytes || open.offset + part.length > open.bytes.length) {
      this.#open.delete(requestId)
      throw new BrokenReply(`part ${index} of ${part.length} bytes, expected part ${open.next}`)
    }
    open.bytes.set(part, open.offset)
    open.offset += part.length
    open.next++
    if (open.next < open.parts) return null
    this.#open.delete(requestId)
    if (open.offset !== open.bytes.length) throw new BrokenReply(`${open.offset} bytes came, ${open.bytes.length} were stated`)
    return { output: open.output, bytes: open.bytes }
  }

  clear(): void {
    this.#open.clear()
  }
}
