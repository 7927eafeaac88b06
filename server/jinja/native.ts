// dbt-common's quoted_native_concat: what native rendering makes of a template's output.

import { PyException } from './errors.ts'
import { strOf } from './repr.ts'
import { PyMarker } from './value.ts'
import type { Value } from './value.ts'
import { literalEval } from './literal-eval.ts'

/** One value stays what it is, several are joined as text, marked ones are read as Python literals. */
export function nativeValue(values: readonly Value[]): Value {
  const [raw] = values
  if (raw === undefined) return ''
  if (values.length > 1) {
    let text = ''
    for (const value of values) {
      if (typeof value === 'object' && value?.unknown) return value
      text += strOf(value)
    }
    return text
  }
  if (!(raw instanceof PyMarker)) return raw
  if (raw.typeName === 'TextMarker') return raw.text
  const literal = literalEval(raw.text)
  const result = literal === undefined ? raw : literal
  if (raw.typeName === 'BoolMarker' && typeof result !== 'boolean') throw new PyException('JinjaRenderingError', `Could not convert value '${raw.text}' into type 'bool'`)
  if (raw.typeName === 'NumberMarker' && typeof result !== 'bigint' && typeof result !== 'number') throw new PyException('JinjaRenderingError', `Could not convert value '${raw.text}' into type 'number'`)
  return result instanceof PyMarker ? result.text : result
}
