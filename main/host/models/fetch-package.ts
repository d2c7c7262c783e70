/** Fetches a package from an address that a person typed for this one request. Nothing else is asked of the network. */
import { open } from 'node:fs/promises'
import { OverreadError } from '../../../contracts/errors'

/** A ZIP of a package holds less; bytes. */
export const largestDownload = 2 ** 31
const mostRedirects = 5

export interface Download {
  readonly address: string
  /** Where its bytes go; made anew. */
  readonly target: string
  readonly signal: AbortSignal
  /** Bytes; `total` 0 where it was not said. */
  onProgress(done: number, total: number): void
}

/**
 * @throws OverreadError 'model.address' where it is not https (http from this computer itself), also of a redirection;
 * 'model.fetch' with what the server answered; 'model.too-large'; 'compute.cancelled'
 */
export async function fetchPackage({ address, target, signal, onProgress }: Download): Promise<void> {
  try {
    const response = await request(address, signal)
    const total = Number(response.headers.get('content-length')) || 0
    if (total > largestDownload) throw new OverreadError('model.too-large', `${total} bytes`)
    const file = await open(target, 'wx', 0o600)
    try {
      let done = 0
      for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        done += part.length
        if (done > largestDownload) throw new OverreadError('model.too-large', `more than ${largestDownload} bytes`)
        await file.writeFile(part)
        onProgress(done, total)
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (signal.aborted) throw new OverreadError('compute.cancelled')
    if (error instanceof OverreadError) throw error
    // Its own text may hold the address with what was typed into it.
    const { cause } = error as { cause?: { code?: unknown } }
    throw new OverreadError('model.fetch', typeof cause?.code === 'string' ? cause.code : '', { cause: error })
  }
}

async function request(address: string, signal: AbortSignal): Promise<Response> {
  let url = checked(address)
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await fetch(url, { signal, redirect: 'manual', credentials: 'omit', headers: { accept: '*/*' } })
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (location === null) {
      if (response.ok) return response
      await response.body?.cancel()
      throw new OverreadError('model.fetch', `the server answered ${response.status}`)
    }
    await response.body?.cancel()
    url = checked(new URL(location, url).href)
  }
  throw new OverreadError('model.fetch', `more than ${mostRedirects} redirections`)
}

function checked(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null
  const local = url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (!url || (url.protocol !== 'https:' && !local)) throw new OverreadError('model.address')
  if (url.username !== '' || url.password !== '') throw new OverreadError('model.address', 'it holds a name or a password')
  return url
}
