import { expect, test } from 'vitest'
import { RequestQueue, urgency, type QueuedRequest } from '../../../../renderer/engine/request-queue'

const frame = (requestId: number, level: QueuedRequest['urgency'] = urgency.wanted): QueuedRequest => ({
  requestId,
  kind: 'frame.get',
  input: {},
  urgency: level,
})
const cheap = (requestId: number): QueuedRequest => ({ requestId, kind: 'results.list', input: {}, urgency: urgency.wanted })
const ids = (requests: readonly QueuedRequest[]) => requests.map(({ requestId }) => requestId)

function queueOf(...requests: QueuedRequest[]): RequestQueue {
  const queue = new RequestQueue()
  requests.forEach((request) => queue.add(request))
  return queue
}

test('at most four requests with bytes are under way, the newest first', () => {
  const queue = queueOf(...[1, 2, 3, 4, 5, 6].map((id) => frame(id)))
  expect(ids(queue.take())).toEqual([6, 5, 4, 3])
  expect(ids(queue.take())).toEqual([])
  queue.settle(5)
  expect(ids(queue.take())).toEqual([2])
})

test('what the reader waits for goes before what is fetched ahead, however new that is', () => {
  const queue = queueOf(frame(1), frame(2, urgency.ahead), frame(3, urgency.thumbnail), frame(4, urgency.overlay))
  expect(ids(queue.take())).toEqual([1, 4, 2, 3])
})

test('requests without bytes are neither held up nor reordered', () => {
  const queue = queueOf(frame(1), frame(2), frame(3), frame(4), frame(5))
  queue.take()
  queue.add(cheap(6))
  queue.add(cheap(7))
  expect(ids(queue.take())).toEqual([6, 7])
})

test('a request not yet sent is taken back and never sent', () => {
  const queue = queueOf(...[1, 2, 3, 4, 5].map((id) => frame(id)))
  queue.take()
  expect(queue.cancel(1)).toBe(true)
  queue.settle(5)
  expect(ids(queue.take())).toEqual([])
})

test('a request already sent keeps its place until its reply, which nobody gets', () => {
  const queue = queueOf(...[1, 2, 3, 4].map((id) => frame(id)))
  queue.take()
  expect(queue.cancel(3)).toBe(false)
  queue.add(frame(5))
  expect(ids(queue.take())).toEqual([])
  expect(queue.settle(3)).toBeNull()
  expect(ids(queue.take())).toEqual([5])
})

test('after a lost port everything unanswered is asked again, but not what was given up', () => {
  const queue = queueOf(frame(1), frame(2), cheap(3))
  queue.take()
  queue.settle(2)
  queue.add(frame(4))
  queue.take()
  queue.cancel(4)
  queue.reopen()
  expect(ids(queue.take()).sort()).toEqual([1, 3])
})
