/** The value below which a share of sorted values lies, linear between the two about it; of none, no number. */
export function percentile(sorted: Float64Array, fraction: number): number {
  const place = fraction * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(sorted.length - 1, below + 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
