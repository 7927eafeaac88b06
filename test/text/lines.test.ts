import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { linesOf, offsetAt, positionAt } from '../../server/text/lines.ts'

const lines = suite('lines')

lines('every offset survives the way to a position and back', () => {
  const text = 'a\r\nb\n\n\u{1F600}c\rd'
  const table = linesOf(text)
  for (let offset = 0; offset <= text.length; offset++) {
    if (text[offset] === '\n' && text[offset - 1] === '\r') continue
    assert.is(offsetAt(table, positionAt(table, offset)), offset)
  }
})

lines('a lone carriage return ends a line, as in LSP', () => {
  assert.equal(positionAt(linesOf('a\rb'), 2), { line: 1, character: 0 })
})

lines('positions outside the text are clamped', () => {
  const table = linesOf('ab\ncd')
  assert.is(offsetAt(table, { line: 0, character: 99 }), 2)
  assert.is(offsetAt(table, { line: 9, character: 0 }), 5)
  assert.is(offsetAt(table, { line: -1, character: 0 }), 0)
  assert.equal(positionAt(table, 99), { line: 1, character: 2 })
})

lines.run()
