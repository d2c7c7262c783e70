/**
 * Works on items side by side, at most `width` at once, and gives the results in the order of the items.
 * After a failure nothing new is begun.
 */
export async function* inOrder<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  let next = 0
  const begin = () => {
    if (next >= items.length) return
    const result = work(items[next++])
    // It is awaited later; until then a failure is not a forgotten one.
    result.catch(() => {})
    underWay.push(result)
  }
  for (let i = 0; i < width; i++) begin()
  for (let result = underWay.shift(); result; result = underWay.shift()) {
    const value = await result
    begin()
    yield value
  }
}
