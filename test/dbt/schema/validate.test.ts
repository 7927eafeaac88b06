// Asking whether a value is valid must say what listing its errors says: values made by a loop, against every class of dbt.

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { PyDict, PyList, type Value } from '../../../server/jinja/value.ts'
import { CLASSES } from '../../../server/dbt/schema/classes.ts'
import { classesOf, type Schema } from '../../../server/dbt/schema/schema.ts'
import { firstError, isValid, validate } from '../../../server/dbt/schema/validate.ts'

const validating = suite('schemas')
const SCALARS: readonly Value[] = [null, true, 'text', '', 3n, 1.5, 'not_null', 'error', -1n]

/** Mostly what the schema wants, now and then anything else: both answers must come up often. */
function valueFor(schema: Schema, random: () => number, depth: number): Value {
  const any = (): Value => SCALARS[Math.floor(random() * SCALARS.length)] ?? null
  if (depth > 5 || random() < 0.04) return any()
  const items: [Value, Value][] = []
  for (const keyword of schema.keywords()) {
    switch (keyword.is) {
      case 'anyOf': case 'oneOf': case 'allOf': return valueFor(keyword.schemas[Math.floor(random() * keyword.schemas.length)] ?? schema, random, depth + 1)
      case 'enum': return (keyword.values[0] ?? null) as Value
      case 'const': return keyword.value as Value
      case 'items': return new PyList([valueFor(keyword.schema, random, depth + 1)])
      case 'required': for (const name of keyword.names) if (random() < 0.97 && !items.some(([key]) => key === name)) items.push([name, 'text'])
        break
      case 'properties': for (const [name, of] of keyword.properties) if (random() < 0.3) items.push([name, valueFor(of, random, depth + 1)])
        break
      case 'additionalProperties': if (random() < 0.1) items.push([random() < 0.5 ? 'extra' : 7n, keyword.schema === false ? null : valueFor(keyword.schema, random, depth + 1)])
        break
      case 'type':
        if (keyword.types.includes('string')) return 'text'
        if (keyword.types.includes('null')) return null
        if (keyword.types.includes('boolean')) return false
        if (keyword.types.includes('integer') || keyword.types.includes('number')) return 2n
        if (keyword.types.includes('array') && !schema.keywords().some(({ is }) => is === 'items')) return new PyList([])
    }
  }
  return new PyDict(items)
}

validating('valid is what has no errors', () => {
  let state = 20261122
  const random = (): number => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32 }
  let [valid, invalid] = [0, 0]
  for (const rules of ['1.12', '1.8']) {
    for (const name of Object.keys(CLASSES)) {
      const schema = classesOf(rules)(name)
      if (!schema) continue
      for (let round = 0; round < 15; round++) {
        const value = valueFor(schema, random, 0)
        for (const options of [{}, { textsAreMade: true }]) {
          const errors = [...validate(schema, value, options)]
          assert.is(isValid(schema, value, options), errors.length === 0, name)
          assert.equal(firstError(schema, value, options), errors[0] ?? null)
          if (errors.length === 0) valid++
          else invalid++
        }
      }
    }
  }
  assert.ok(valid > 300 && invalid > 300, `${valid} valid, ${invalid} not`)
})

validating.run()
