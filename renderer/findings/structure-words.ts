/** Volumes of structures, as a reader reads them. */

/** Three figures say all that a segmentation knows: "735", "20.4", "1.36". */
export function millilitres(volume: number): string {
  return volume >= 100 ? volume.toFixed(0) : volume >= 10 ? volume.toFixed(1) : volume.toFixed(2)
}
