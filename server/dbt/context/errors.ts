// dbt's own exceptions as they are thrown inside an evaluation: the class name of dbt, the message in dbt's words, and our problem code.
// Turned into a Problem by problem-of.ts; nothing else looks into `detail`.

import { PyException } from '../../jinja/errors.ts'

/** What `PyException.detail` holds for errors of dbt. */
export interface DbtErrorDetail {
  readonly dbt: true
  /** Problem code of the README's table. */
  readonly code: string
}

/** dbt's CompilationError (or a subclass of it): `code` defaults to the one for errors that templates raise. */
export function compilationError(message: string, code = 'compilation-error', errorClass = 'CompilationError'): PyException {
  return new PyException(errorClass, message, { dbt: true, code } satisfies DbtErrorDetail)
}

/** dbt's ParsingError. */
export function parsingError(message: string, code = 'parsing-error'): PyException {
  return new PyException('ParsingError', message, { dbt: true, code } satisfies DbtErrorDetail)
}

/** dbt's DbtRuntimeError. */
export function runtimeError(message: string): PyException {
  return new PyException('DbtRuntimeError', message, { dbt: true, code: 'compilation-error' } satisfies DbtErrorDetail)
}

export function dbtDetail(detail: unknown): DbtErrorDetail | null {
  return typeof detail === 'object' && detail !== null && 'dbt' in detail ? detail as DbtErrorDetail : null
}
