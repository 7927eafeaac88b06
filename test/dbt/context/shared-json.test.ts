import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { sharedJson } from '../../../server/dbt/context/shared-json.ts'
import { jsonLoads } from '../../../server/jinja/python/json.ts'
import { reprOf } from '../../../server/jinja/repr.ts'
import { PyDict, PyList } from '../../../server/jinja/value.ts'
import type { Value } from '../../../server/jinja/value.ts'

const x = suite('JSON texts that many templates read')

function spent(read: (spender: { spend(steps: number, bytes?: number): void }) => Value): { readonly value: Value; readonly steps: number } {
  let steps = 0
  const value = read({ spend: more => { steps += more } })
  return { value, steps }
}

/** Any JSON value; deeper ones are plainer. */
function some(next: () => number, depth: number): unknown {
  const kind = Math.floor(next() * (depth > 3 ? 5 : 7))
  if (kind === 5) return Array.from({ length: Math.floor(next() * 4) }, () => some(next, depth + 1))
  if (kind === 6) return Object.fromEntries(Array.from({ length: Math.floor(next() * 5) }, (_, index) => [`k${index}`, some(next, depth + 1)]))
  return [null, true, Math.floor(next() * 1e6), next(), `text ${next()}`][kind]
}

x('the third reading is as the first, and costs as many steps', () => {
  let state = 5
  const next = (): number => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
  for (let round = 0; round < 60; round++) {
    const text = JSON.stringify({ pad: 'x'.repeat(1000), round, list: [some(next, 0), some(next, 0), some(next, 0)] })
    const plain = spent(spender => jsonLoads(text, spender))
    for (let time = 0; time < 4; time++) {
      const { value, steps } = spent(spender => sharedJson(text, spender))
      assert.is(reprOf(value), reprOf(plain.value))
      assert.is(steps, plain.steps)
    }
  }
})

x('what one changes, no other sees', () => {
  const text = JSON.stringify({ list: [1, { a: 1 }], pad: 'y'.repeat(1000) })
  const read = (): PyDict => {
    const value = sharedJson(text, { spend: () => undefined })
    if (!(value instanceof PyDict)) throw new Error('no dict')
    return value
  }
  const shown = reprOf(read())
  for (let time = 0; time < 3; time++) {
    const value = read()
    assert.is(reprOf(value), shown)
    const list = value.get('list')
    if (!(list instanceof PyList)) throw new Error('no list')
    const inner = list.items[1]
    if (inner instanceof PyDict) inner.set('b', 2n)
    list.items.push(null)
    value.set('more', true)
    value.delete('pad')
    assert.is.not(reprOf(value), shown)
    assert.is(value.get('nothing'), undefined)
  }
})

x('a text that is no JSON is refused each time in the same words', () => {
  const text = `[${'1, '.repeat(500)}]`
  const messages = [1, 2, 3].map(() => {
    try {
      return reprOf(sharedJson(text, { spend: () => undefined }))
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  })
  assert.is(new Set(messages).size, 1)
  assert.match(messages[0] ?? '', /Expecting value/)
})

x.run()
