/** What a model's JSON holds, by a schema. */
import type { z } from 'zod'
import { OverreadError } from '../../../contracts/errors'

/** `what`: as a person calls that part. @throws OverreadError 'model.schema' with the first thing that is not of its form */
export function parsed<T>(schema: z.ZodType<T>, content: unknown, what: string): T {
  const result = schema.safeParse(content)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new OverreadError('model.schema', `${what}: ${issue.path.join('.')}: ${issue.message}`.slice(0, 300))
}
