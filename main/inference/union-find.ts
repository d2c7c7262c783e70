/** Sets that are joined: which of the things numbered so far belong together. */
export class UnionFind {
  readonly #parents: number[] = []

  add(): number {
    this.#parents.push(this.#parents.length)
    return this.#parents.length - 1
  }

  find(item: number): number {
    let root = item
    while (this.#parents[root] !== root) root = this.#parents[root]
    for (let at = item; at !== root;) {
      const next = this.#parents[at]
      this.#parents[at] = root
      at = next
    }
    return root
  }

  /** `items` in the order in which they were numbered, those that belong together in one list. */
  groups<T>(items: readonly T[]): T[][] {
    const groups = new Map<number, T[]>()
    for (const [id, item] of items.entries()) {
      const root = this.find(id)
      const group = groups.get(root)
      if (group) group.push(item)
      else groups.set(root, [item])
    }
    return [...groups.values()]
  }

  /** The lower number becomes the root. */
  join(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)]
    this.#parents[Math.max(first, second)] = Math.min(first, second)
  }
}
