/** What a worker task gives back; buffers named in `transfer` move to the host instead of being copied. */
export interface TaskResult<T> {
  readonly value: T
  readonly transfer?: ArrayBuffer[]
}
