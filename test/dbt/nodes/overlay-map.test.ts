import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OverlayMap, withChanges } from '../../../server/dbt/nodes/overlay-map.ts'

const x = suite('overlay map')

x('keeps the order of its base', () => {
  const map = new OverlayMap(new Map([['a', 1], ['b', 2], ['c', 3]]), new Map([['b', 20], ['d', 4]]), new Set(['a']))
  assert.equal([...map], [['b', 20], ['c', 3], ['d', 4]])
  assert.is(map.size, 3)
  assert.is(map.get('a'), undefined)
  assert.not(map.has('a'))
  assert.equal([...map.keys()], ['b', 'c', 'd'])
})

x('changes add up and equal a copy', () => {
  let map: ReadonlyMap<number, number> = new Map(Array.from({ length: 100 }, (_, index) => [index, index]))
  const copy = new Map(map)
  let seed = 7
  for (let step = 0; step < 1000; step++) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    const key = seed % 150
    const value = seed % 3 === 0 ? undefined : step
    if (value === undefined && !map.has(key)) continue
    if (value !== undefined && !map.has(key)) continue
    map = withChanges(map, new Map([[key, value]]))
    if (value === undefined) copy.delete(key)
    else copy.set(key, value)
    assert.is(map.size, copy.size)
    assert.is(map.get(key), copy.get(key))
  }
  assert.equal([...map], [...copy])
})

x.run()
